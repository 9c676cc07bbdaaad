"""What widgets of several controls share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class GroupWidget(forms.Widget):
    """Several controls under one question, drawn by a template of the site."""

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Say no: an empty question is an answer too."""
        return False

    def _render(self, template_name: str, context: Any, renderer: Any = None) -> SafeString:
        """Find the template among the site's own, whatever renderer the form has."""
        return render_to_string(template_name, context)
