"""What the base layout asks for: menu, theme, name of the office."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib import messages
from django.core.paginator import Page
from django.urls import reverse

from home.office.api import Office, office_now, office_of
from home.people.api import is_office_admin

from ..frames import drawn
from ..kept import hole
from ..navigation import Group, may_enter_admin, menu_for
from ..preferences import Theme, theme_of
from ..scheduler import scheduler_silent

register = template.Library()


@register.simple_tag(takes_context=True)
def main_menu(context: template.Context) -> list[Group]:
    """Return the reader's menu; empty for visitors who are not logged in."""
    request = context.get("request")
    if request is None or not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    return menu_for(request)


@register.simple_tag(takes_context=True)
def theme_choice(context: template.Context) -> str:
    """Return the reader's theme: `light`, `dark` or `auto`."""
    request = context.get("request")
    return theme_of(request) if request is not None else Theme.AUTO.value


def _office(context: template.Context) -> Office:
    request = context.get("request")
    return office_of(request) if request is not None else office_now()


@register.simple_tag(takes_context=True)
def office_name(context: template.Context) -> str:
    """Return the name that stands in the header and in the title of every page."""
    return _office(context).called()


@register.simple_tag(takes_context=True)
def office_logo(context: template.Context) -> str:
    """Return the address of the logo; empty where the office has none."""
    name = _office(context).logo_name
    return reverse("office_logo", args=[name]) if name else ""


@register.simple_tag(takes_context=True)
def office_style(context: template.Context) -> str:
    """Return the address of the style sheet with the office's colour; empty where it has chosen none."""
    colour = _office(context).colour
    return reverse("office_style", args=[colour.lstrip("#")]) if colour else ""


@register.simple_tag(takes_context=True)
def frame(context: template.Context, name: str) -> str:
    """Draw a part of the frame (`frames.py`): `navigation`, `header`, …; leave a hole in a text that is to be kept."""
    request = context.get("request")
    if context.get("holes"):
        return hole(name)
    return drawn(request, name) if request is not None else ""


@register.simple_tag(takes_context=True)
def here(context: template.Context) -> str:
    """Return the address that the reader looks at, with its query; a hole in a text that is to be kept."""
    request = context.get("request")
    return context.get("here") or (request.get_full_path() if request is not None else "")


@register.simple_tag(takes_context=True)
def scheduler_is_silent(context: template.Context) -> bool:
    """Tell administrators, and nobody else, that nothing is published or sent by the clock."""
    request = context.get("request")
    user = getattr(request, "user", None)
    return user is not None and is_office_admin(user) and scheduler_silent()


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """Return `?…` with the present query and `changes`; an empty value removes the key."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}" if query else "?"


_TONES = {
    messages.DEBUG: ("secondary", "bug"),
    messages.INFO: ("info", "info-circle"),
    messages.SUCCESS: ("success", "circle-check"),
    messages.WARNING: ("warning", "alert-triangle"),
    messages.ERROR: ("danger", "alert-circle"),
}


@register.simple_tag
def message_tone(message: Any) -> str:
    """Return the colour word of a message's level (`success`, `danger`, …)."""
    return _TONES.get(message.level, _TONES[messages.INFO])[0]


@register.simple_tag
def message_icon(message: Any) -> str:
    """Return the icon of a message's level."""
    return _TONES.get(message.level, _TONES[messages.INFO])[1]


@register.simple_tag
def initials(person: Any) -> str:
    """Return two letters for a person's disc: of the given name and the family name (Nguyễn Văn Đức: NĐ)."""
    words = str(person).split()
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


@register.simple_tag
def page_range(page_of: Page) -> list[int | str]:
    """Return the page numbers to show around the present one, "…" for those left out."""
    return list(page_of.paginator.get_elided_page_range(page_of.number, on_each_side=2, on_ends=1))


@register.filter
def enters_admin(user: Any) -> bool:
    """Tell whether to offer the way into the admin."""
    return may_enter_admin(user)
