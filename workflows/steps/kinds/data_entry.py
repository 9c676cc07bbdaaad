"""Someone adds answers on the way (nhập dữ liệu)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from django.utils.translation import gettext_lazy
from pydantic import Field

from home.forms.api import AnyField, FormSchema, Section

from ..registry import Outcome
from ..spec import HumanSpec
from .human import HumanStep

_OUTCOMES = (Outcome("complete", gettext_lazy("Complete")),)


class DataEntrySpec(HumanSpec):
    """Options: the questions, with keys that no other question of the definition has."""

    kind: Literal["data_entry"] = "data_entry"
    fields: list[AnyField] = Field(min_length=1, max_length=100)

    def section(self) -> Section:
        """Return the questions as a section under the step's title."""
        return Section.model_construct(title=self.title, help=self.help, fields=self.fields)


class DataEntry(HumanStep[DataEntrySpec]):
    """Asks one person for more answers; they become part of the dossier."""

    code = "data_entry"
    title = gettext_lazy("Data entry")
    help = gettext_lazy("One person fills in more questions.")
    icon = "forms"
    Spec = DataEntrySpec

    def outcomes(self, spec: DataEntrySpec) -> Sequence[Outcome]:
        """Return the only way on."""
        return _OUTCOMES

    def form(self, spec: DataEntrySpec) -> FormSchema:
        """Return the questions of this step."""
        return FormSchema.model_construct(title="", sections=[spec.section()])
