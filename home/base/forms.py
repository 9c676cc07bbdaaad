"""The form of every page in the admin."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from .reader_field import ReadersField


class BasePageForm(WagtailAdminPageForm):
    """Gives new pages the department and audience of their parent, and checks the audience."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            # Made from the title where scripts do not fill it in.
            self.fields["slug"].required = False
        if "audience_departments" in self.fields:
            _as_checkboxes(self.fields["audience_departments"])
        if "audience_readers" in self.fields:
            self.fields["audience_readers"] = as_readers(self.fields["audience_readers"])
        if self.instance._state.adding and self.parent_page is not None:
            self._take_from_parent()

    def _take_from_parent(self) -> None:
        parent = self.parent_page
        if "department" in self.fields:
            self.initial["department"] = parent.department_id
        if "audience" in self.fields:
            self.initial["audience"] = parent.audience
            self.initial["audience_departments"] = list(parent.audience_departments.all())
            self.initial["audience_readers"] = parent.audience_readers

    def clean(self) -> dict[str, Any]:
        """Normalise the title, and refuse a limited audience that names nobody."""
        cleaned = super().clean()
        if cleaned.get("title"):
            cleaned["title"] = unicodedata.normalize("NFC", cleaned["title"]).strip()
        named = cleaned.get("audience_departments") or cleaned.get("audience_readers")
        if cleaned.get("audience") == "departments" and not named:
            self.add_error("audience_departments", _("Name at least one reader, or choose everyone."))
        return cleaned


def _as_checkboxes(field: forms.Field) -> None:
    """Draw a list of departments as ticks: what is chosen must be seen at a glance."""
    field.widget = forms.CheckboxSelectMultiple()
    field.widget.choices = field.choices  # type: ignore[attr-defined]


def as_readers(field: forms.Field) -> ReadersField:
    """Return the field in which readers are searched for, with the words of the field that it replaces."""
    return ReadersField(required=False, label=field.label, help_text=field.help_text)


class CollectionAudienceForm(WagtailAdminModelForm):
    """Who may open the files of a collection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_checkboxes(self.fields["departments"])
        self.fields["readers"] = as_readers(self.fields["readers"])

    def clean(self) -> dict[str, Any]:
        """Refuse an audience that names nobody: nobody at all could open the files."""
        cleaned: dict[str, Any] = super().clean()
        if not cleaned.get("departments") and not cleaned.get("readers"):
            self.add_error("departments", _("Name at least one reader."))
        return cleaned
