"""The options that steps have in common, as they stand in a definition."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SerializeAsAny, ValidationError

from home.forms.api import Label, Strict, Text, fault

from .who import Who

#: Node names that the compiler makes itself, and the two outcomes of every flow.
RESERVED_IDS = frozenset({"start", "done", "rejected", "rework"})

STEP_ID_PATTERN = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"

StepId = Annotated[str, Field(pattern=STEP_ID_PATTERN, max_length=40)]


class StepSpec(Strict):
    """One step of a definition; `id` stays the same for ever, since running dossiers stand on it."""

    id: StepId
    kind: str
    title: Label
    help: Text = ""


class HumanSpec(StepSpec):
    """A step that a person carries out. A fallback is mandatory: posts fall vacant."""

    who: Who
    fallback: Who
    #: Working days that the step may take; null leaves it to the dossier's own due date.
    days: int | None = Field(default=None, ge=1, le=365)


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
    if code not in kinds:
        lines = [fault("unknown_step", "kind", known=kinds, value=code, key=str(code))]
        raise ValidationError.from_exception_data("Step", lines)
    return kinds[code].Spec.model_validate(value)


#: A step of any registered kind.
AnyStep = Annotated[SerializeAsAny[StepSpec], BeforeValidator(_of_its_kind)]


class Branch(Strict):
    """One way through a parallel or a choice block."""

    title: Text = ""
    steps: list[AnyStep] = Field(default_factory=list, max_length=100)
