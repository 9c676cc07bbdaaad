"""Someone adds answers on the way (nhập dữ liệu)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, ValidationError, model_validator

from home.forms.api import AnyField, FormSchema, Section, fault

from ..editor import Option
from ..findings import Finding
from ..registry import LintScope, Outcome
from ..spec import HumanSpec
from .human import HumanStep

_OUTCOMES = (Outcome("complete", gettext_lazy("Complete")),)


class DataEntrySpec(HumanSpec):
    """Options: new questions, whose keys no other question has, and keys of questions that are asked again."""

    kind: Literal["data_entry"] = "data_entry"
    fields: list[AnyField] = Field(default_factory=list, max_length=100)
    ask_again: list[str] = Field(default_factory=list, max_length=100)

    editor: ClassVar[Mapping[str, Option]] = {
        "fields": Option(gettext_lazy("New questions"), order=30),
        "ask_again": Option(
            gettext_lazy("Questions of the form that are asked again"),
            item=gettext_lazy("Question"),
            picks="question",
            order=31,
        ),
    }

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.fields and not self.ask_again:
            raise ValidationError.from_exception_data("DataEntrySpec", [fault("missing", "fields")])
        return self

    def section(self) -> Section:
        """Return the new questions as a section under the step's title."""
        return Section.model_construct(title=self.title, help=self.help, fields=self.fields)


class DataEntry(HumanStep[DataEntrySpec]):
    """Asks one person for more answers, or for better ones; they become part of the dossier."""

    code = "data_entry"
    title = gettext_lazy("Data entry")
    help = gettext_lazy("One person fills in more questions, or answers some of the form again.")
    icon = "forms"
    admin_icon = "form"
    Spec = DataEntrySpec

    def outcomes(self, spec: DataEntrySpec) -> Sequence[Outcome]:
        """Return the only way on."""
        return _OUTCOMES

    def form(self, spec: DataEntrySpec) -> FormSchema | None:
        """Return the new questions of this step, if there are any."""
        if not spec.fields:
            return None
        return FormSchema.model_construct(title="", sections=[spec.section()])

    def asks(self, spec: DataEntrySpec, questions: FormSchema) -> FormSchema:
        """Return the questions that are asked again, in the order of the step, and the new ones behind them."""
        known = {field.key: field for field in questions.fields()}
        again = [known[key] for key in dict.fromkeys(spec.ask_again) if key in known]
        section = Section.model_construct(title=spec.title, help=spec.help, fields=[*again, *spec.fields])
        return FormSchema.model_construct(title="", sections=[section])

    def lint(self, spec: DataEntrySpec, scope: LintScope) -> Iterator[Finding]:
        """Refuse questions to ask again that do not exist, or that this step asks anyway."""
        yield from super().lint(spec, scope)
        own, known = {field.key for field in spec.fields}, set(scope.schema.keys())
        for key in spec.ask_again:
            if key not in known:
                message = _("No question of the form is called “%(key)s”.") % {"key": key}
                yield scope.finding("flows.E100", message, spec, at="ask_again")
            elif key in own or spec.ask_again.count(key) > 1:
                message = _("The step asks “%(key)s” twice.") % {"key": key}
                yield scope.finding("flows.E101", message, spec, at="ask_again")
