"""Which steps are carried out because of a leader's instruction, and by when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal

from django.utils.translation import gettext_lazy

from home.forms.api import Strict
from workflows.dossiers.api import Instruction, InstructionParty

from .editor import Option
from .situation import Situation
from .spec import HumanSpec, StepSpec

#: What somebody is asked to do by an instruction.
Role = Literal["lead", "support", "informed"]


class InstructionOf(Strict):
    """A step at which an instruction is given, and a role in it."""

    step: str
    role: Role = "lead"

    editor: ClassVar[Mapping[str, Option]] = {
        "step": Option(gettext_lazy("Step of the instruction"), picks="step", only=("assign",), order=1),
        "role": Option(
            gettext_lazy("Role in it"),
            choices=dict(InstructionParty.Role.choices),
            order=2,
        ),
    }


def role_words(role: Role) -> str:
    """Say a role in an instruction: who leads, supports, is informed."""
    return str(InstructionParty.Role(role).label)


def instruction_of(named: Any) -> str:
    """Return the step whose instruction a rule or a list follows (`{instruction: {step, role}}`), or empty."""
    return str(getattr(getattr(named, "instruction", None), "step", ""))


def followed(spec: StepSpec) -> set[str]:
    """Return the steps whose instructions one step, or one block, follows."""
    named = (getattr(spec, "who", None), getattr(spec, "fallback", None), getattr(spec, "of", None))
    return set(filter(None, map(instruction_of, named)))


def instructed_due(spec: HumanSpec, at: Situation) -> datetime | None:
    """Return when the instruction that assigns the step wants it done; one query for steps that follow one."""
    flow = at.process.flow_class
    by_id = flow.definition.steps_by_id
    around = [by_id[block] for block, _branch in flow.paths.get(spec.id, ())]
    sources: set[str] = set().union(*(followed(one) for one in (spec, *around)))
    if not sources:
        return None
    found: dict[str, datetime | None] = {}
    given = Instruction.objects.filter(dossier=at.dossier, step__in=sources).order_by("pk")
    for instruction in given:  # the newest one of a step counts
        found[instruction.step] = instruction.due_at
    return earliest(*found.values())


def earliest(*moments: datetime | None) -> datetime | None:
    """Return the first of the moments that there are."""
    return min((moment for moment in moments if moment is not None), default=None)
