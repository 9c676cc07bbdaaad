"""`{% icon "bell" %}`: an inline SVG."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from ..icons import render_icon

register = template.Library()


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """Draw the Tabler icon `name`; with `css_class` added: `{% icon "bell" "icon-sm" %}`."""
    return render_icon(name, css_class)
