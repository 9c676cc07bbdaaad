"""Work that would follow a change of state, said without doing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from home.forms.api import kind_of, localized
from workflows.definitions.api import Definition
from workflows.dossiers.api import DossierType, Errand
from workflows.steps.api import item_names

from .errands import label_of


def call_words(errand: Errand, definition: Definition) -> str:
    """Say what an errand would do, in the reader's language; at most three queries."""
    wanted: Mapping[str, Any] = errand.payload
    if errand.kind == "webhook":
        return _webhook_words(wanted, definition)
    if errand.kind == "sub_dossier.open":
        return _opening_words(wanted)
    return _("would do: %(work)s") % {"work": label_of(errand)}


def _webhook_words(wanted: Mapping[str, Any], definition: Definition) -> str:
    fields = {field.key: field for field in definition.questions.fields()}
    sent = wanted.get("body", {}).get("answers", {})
    values = ", ".join(
        f"{localized(fields[key].label)} = {kind_of(fields[key]).display(raw, fields[key])}"
        for key, raw in sent.items()
        if key in fields
    )
    words = {"target": wanted.get("target", ""), "values": values}
    if values:
        return _("would call “%(target)s” with %(values)s") % words
    return _("would call “%(target)s”") % words


def _opening_words(wanted: Mapping[str, Any]) -> str:
    kind = DossierType.objects.filter(code=wanted["type"]).first()
    item = wanted["item"]
    words = {"type": str(kind or wanted["type"]), "item": item_names([item]).get(item, item)}
    return _("would open a dossier “%(type)s” for %(item)s") % words
