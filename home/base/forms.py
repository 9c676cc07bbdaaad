"""The form of every page in the admin."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm


class BasePageForm(WagtailAdminPageForm):
    """Gives new pages the department and audience of their parent, and checks the audience."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            # Made from the title where scripts do not fill it in.
            self.fields["slug"].required = False
        if "audience_departments" in self.fields:
            _as_checkboxes(self.fields["audience_departments"])
        if self.instance._state.adding and self.parent_page is not None:
            self._take_from_parent()

    def _take_from_parent(self) -> None:
        parent = self.parent_page
        if "department" in self.fields:
            self.initial["department"] = parent.department_id
        if "audience" in self.fields:
            self.initial["audience"] = parent.audience
            self.initial["audience_departments"] = list(parent.audience_departments.all())

    def clean(self) -> dict[str, Any]:
        """Normalise the title, and refuse an audience of departments that names none."""
        cleaned = super().clean()
        if cleaned.get("title"):
            cleaned["title"] = unicodedata.normalize("NFC", cleaned["title"]).strip()
        if cleaned.get("audience") == "departments" and not cleaned.get("audience_departments"):
            self.add_error("audience_departments", _("Choose at least one department, or everyone."))
        return cleaned


def _as_checkboxes(field: forms.Field) -> None:
    """Draw a list of departments as ticks: what is chosen must be seen at a glance."""
    field.widget = forms.CheckboxSelectMultiple()
    field.widget.choices = field.choices  # type: ignore[attr-defined]
