"""The options that steps have in common, as they stand in a definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from django.utils.translation import gettext_lazy
from pydantic import BeforeValidator, Field, SerializeAsAny, ValidationError

from home.forms.api import Label, Strict, Text, fault

from .editor import Option
from .who import Who

#: Node names that the compiler makes itself, and the two outcomes of every flow.
RESERVED_IDS = frozenset({"start", "done", "rejected", "rework", "supplement"})

STEP_ID_PATTERN = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"

StepId = Annotated[str, Field(pattern=STEP_ID_PATTERN, max_length=40)]


class StepSpec(Strict):
    """One step of a definition; `id` stays the same for ever, since running dossiers stand on it.

    `editor` says how the options look to whoever builds a flow (`editor.py`).
    """

    editor: ClassVar[Mapping[str, Option]] = {
        "id": Option(hidden=True, order=0),
        "title": Option(
            gettext_lazy("Name of the step"),
            gettext_lazy("As everybody sees it, for example “Thẩm định”."),
            order=1,
        ),
        "help": Option(
            gettext_lazy("What is to be done"),
            gettext_lazy("Shown to whoever has the task."),
            order=2,
            lines=True,
            more=True,
        ),
        "branches": Option(gettext_lazy("Branches"), item=gettext_lazy("Branch"), order=90),
    }

    id: StepId
    kind: str
    title: Label
    help: Text = ""


class Delay(Strict):
    """A distance from a due date in working days (multiples of 0.5) or working hours; exactly one of both is given."""

    days: int | float | None = Field(default=None, ge=0, le=365, multiple_of=0.5)
    hours: int | float | None = Field(default=None, ge=0, le=1000)

    editor: ClassVar[Mapping[str, Option]] = {
        "days": Option(gettext_lazy("Working days"), gettext_lazy("Half days are possible: 1.5"), order=1),
        "hours": Option(gettext_lazy("or working hours"), order=2),
    }

    @property
    def given(self) -> dict[str, float]:
        """What was given, as the functions of working time take it."""
        return {key: value for key in ("days", "hours") if (value := getattr(self, key)) is not None}

    @property
    def rough_hours(self) -> float:
        """The length for comparisons, eight hours to the day."""
        return (self.days or 0) * 8 + (self.hours or 0)


class Late(Delay):
    """What happens so long after the due date.

    `remind` tells whoever has the task, `head` tells their head too, `reassign` gives the task to the head or to whom
    `to` finds, `outcome` ends the step with that outcome; `note` are the words that the automatic decision gives.
    """

    do: Literal["remind", "head", "reassign", "outcome"]
    outcome: str = ""
    to: Who | None = None
    note: Text = ""

    editor: ClassVar[Mapping[str, Option]] = {
        "do": Option(
            gettext_lazy("What happens then"),
            choices={
                "remind": gettext_lazy("Remind whoever has the task"),
                "head": gettext_lazy("Tell their head too"),
                "reassign": gettext_lazy("Give the task to somebody else"),
                "outcome": gettext_lazy("End the step by itself"),
            },
            order=3,
        ),
        "outcome": Option(
            gettext_lazy("With which outcome"), picks="outcome", when={"do": ("outcome",)}, order=4
        ),
        "to": Option(
            gettext_lazy("To whom"),
            gettext_lazy("Empty: to the head of whoever has it."),
            when={"do": ("reassign",)},
            order=5,
        ),
        "note": Option(
            gettext_lazy("Words of the automatic decision"), when={"do": ("outcome",)}, order=6, lines=True
        ),
    }


#: Who can be told of the due date of a dossier: whoever has it, their heads, the administrators of the office.
Told = Literal["holders", "head", "dispatchers"]


class Alert(Delay):
    """A moment before the due date of the dossier, and who is told of it then."""

    tell: Annotated[list[Told], Field(min_length=1, max_length=3)] = ["holders"]


class Overdue(Alert):
    """A moment after the due date of the dossier, and who is told that it is late."""

    tell: Annotated[list[Told], Field(min_length=1, max_length=3)] = ["holders", "head", "dispatchers"]


class HumanSpec(StepSpec):
    """A step that a person carries out. A fallback is mandatory: posts fall vacant."""

    who: Who
    fallback: Who
    #: Working days that the step may take, or working hours; neither leaves it to the dossier's own due date.
    days: int | float | None = Field(default=None, gt=0, le=365, multiple_of=0.5)
    hours: int | float | None = Field(default=None, gt=0, le=1000)
    #: Minutes within which a decision can be taken back, as long as nothing later has happened.
    recall: int = Field(default=0, ge=0, le=10_080)
    #: Whether the submitter may act here although it is their own dossier.
    own_dossier: bool = False
    #: When to remind before the due date, and what happens after it.
    remind: list[Delay] = Field(default_factory=list, max_length=5)
    late: list[Late] = Field(default_factory=list, max_length=5)

    editor: ClassVar[Mapping[str, Option]] = {
        "help": Option(
            gettext_lazy("What is to be done"),
            gettext_lazy("Shown to whoever has the task."),
            order=2,
            lines=True,
        ),
        "who": Option(gettext_lazy("Who acts"), order=10),
        "fallback": Option(
            gettext_lazy("If nobody is found"),
            gettext_lazy("Posts fall vacant: say who acts then."),
            order=11,
        ),
        "days": Option(
            gettext_lazy("Term in working days"),
            gettext_lazy("Empty: the step is due with the whole dossier."),
            order=20,
        ),
        "hours": Option(gettext_lazy("or in working hours"), order=21, more=True),
        "remind": Option(
            gettext_lazy("Reminders before the due date"), item=gettext_lazy("Reminder"), order=70, more=True
        ),
        "late": Option(gettext_lazy("When it is late"), item=gettext_lazy("Measure"), order=71, more=True),
        "recall": Option(
            gettext_lazy("Minutes to take a decision back"),
            gettext_lazy("0: a decision stands at once."),
            order=72,
            more=True,
        ),
        "own_dossier": Option(
            gettext_lazy("Submitters may act here on their own dossier"), order=73, more=True
        ),
    }


def _of_its_kind(value: Any) -> Any:
    """Validate a raw step with the options of its kind; an unknown kind names the known ones."""
    from .registry import offered

    if not isinstance(value, dict):
        return value
    kinds = {step.code: step for step in offered()}
    code = value.get("kind")
    if code is None:
        lines = [fault("missing", "kind", known=kinds, value=value)]
        raise ValidationError.from_exception_data("Step", lines)
    if not isinstance(code, str) or code not in kinds:
        lines = [fault("unknown_step", "kind", known=kinds, value=code, key=str(code))]
        raise ValidationError.from_exception_data("Step", lines)
    return kinds[code].Spec.model_validate(value)


#: A step of any registered kind.
AnyStep = Annotated[SerializeAsAny[StepSpec], BeforeValidator(_of_its_kind)]


class Branch(Strict):
    """One way through a parallel or a choice block."""

    title: Text = ""
    steps: list[AnyStep] = Field(default_factory=list, max_length=100)

    editor: ClassVar[Mapping[str, Option]] = {
        "title": Option(gettext_lazy("Name of the branch"), order=1),
        "steps": Option(gettext_lazy("Steps of the branch"), order=90),
    }
