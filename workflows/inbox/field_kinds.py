"""A question answered with a dossier: only one that the person may see, shown to others by number alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.forms.api import FieldKind, FormContext, Link, Sampling, clean_text, field_kinds

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from home.people.api import User
    from workflows.dossiers.api import Dossier

#: So many of the newest dossiers are suggested; any other is found by its number.
SUGGESTED = 30
LONGEST = 60


def _visible(user: User | None) -> QuerySet[Dossier]:
    """Return the dossiers that a person may see. The models are loaded after the registry of kinds."""
    from workflows.dossiers.api import Dossier

    return Dossier.objects.visible_to(user) if user is not None else Dossier.objects.none()


class DossierWidget(forms.TextInput):
    """A number that is typed, with the newest dossiers suggested."""

    suggestions: Any

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw the input and the list of suggestions."""
        id_ = f"{(attrs or {}).get('id', name)}_list"
        box = super().render(name, value, {**(attrs or {}), "list": id_}, renderer)
        context = {"list_id": id_, "suggestions": self.suggestions()}
        return SafeString(box + render_to_string("inbox/dossier_choice.html", context))


class DossierField(forms.CharField):
    """The number of a dossier; the cleaned value is the raw answer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=DossierWidget({"autocomplete": "off", "maxlength": "200"}), **kwargs)
        self.context = FormContext()
        self.before: Any = None
        self.widget.suggestions = self.suggestions

    def suggestions(self) -> list[tuple[str, str]]:
        """Return number and subject of the newest dossiers, read once for all questions of the form."""
        key = "dossiers"
        if key not in self.context.cache:
            rows = _visible(self.context.user).order_by("-opened_at", "-pk")
            self.context.cache[key] = list(rows.values_list("number", "subject")[:SUGGESTED])
        found: list[tuple[str, str]] = self.context.cache[key]
        return found

    def to_python(self, value: Any) -> str:
        """Return the number; what a suggestion added to it is left out."""
        return clean_text(str(value or ""))[:300].partition(" – ")[0].strip()

    def clean(self, value: Any) -> dict[str, Any] | None:
        """Return the raw answer, or None. What one may not see is told from what there is not by nothing."""
        number = self.to_python(value)
        self.validate(number)
        if not number:
            return None
        if isinstance(self.before, Mapping) and number == self.before.get("number"):
            return dict(self.before)
        found = None
        if len(number) <= LONGEST:
            rows = _visible(self.context.user).filter(number=number).order_by("-opened_at", "-pk")
            found = rows.values("id", "number").first()
        if found is None:
            raise forms.ValidationError(
                _("There is no dossier “%(number)s” that you may see.") % {"number": number[:LONGEST]},
                code="unknown",
            )
        return dict(found)

    def prepare_value(self, value: Any) -> Any:
        """Turn a raw answer into its number."""
        return value.get("number", "") if isinstance(value, Mapping) else value


@field_kinds.register
class DossierLink(FieldKind):
    """A dossier; a raw answer is `{"id": 5, "number": "12/2026-NP"}`. Its subject is never stored with the answer."""

    code = "dossier"
    label = gettext_lazy("Dossier")
    icon = "folder"
    admin_icon = "folder-open-inverse"
    group = gettext_lazy("Office")
    linked = column = True
    cel_empty = ""
    describe = gettext_lazy("A dossier that the person may see; others read its number, not its subject.")

    def form_field(self, field: Any) -> forms.Field:
        """Return an input for the number."""
        return DossierField(**self.common(field))

    def display(self, raw: Any, field: Any) -> str:
        """Write the number."""
        return str(raw.get("number", "")) if isinstance(raw, Mapping) else str(raw or "")

    def links(self, raws: Sequence[Any], reader: User) -> dict[Any, Link]:
        """Return number and subject with the address of those dossiers that the reader may see."""
        ids = {raw["id"] for raw in raws if isinstance(raw.get("id"), int)}
        rows = _visible(reader).filter(pk__in=ids).values_list("pk", "number", "subject")
        return {
            pk: Link(f"{number} – {subject}", reverse("dossier", args=[pk])) for pk, number, subject in rows
        }

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return the number (`""` for no answer)."""
        return self.display(raw, field)

    def cel_sample(self, field: Any) -> Any:
        """Return some number."""
        return "01/2026"

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return a made-up number where nothing is stored."""
        return {"id": 0, "number": "01/2026"} if about.reader else None
