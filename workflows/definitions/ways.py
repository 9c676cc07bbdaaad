"""The ways through a definition: what has run for certain before a step, what nothing leads to, how long it takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from home.forms.api import FormSchema, condition_names, localized, untaken
from workflows.steps.api import (
    WARNING,
    BlockSpec,
    Branch,
    ChoiceSpec,
    Finding,
    HumanSpec,
    StepSpec,
    WaitSpec,
    steps,
    walk,
)

from .definition import Definition

#: More blocks inside each other than this nobody can read, whether they run at the same time or not.
MAX_NESTING = 6
_HOURS = 8.0


def sure_before(specs: Sequence[StepSpec], sure: frozenset[str] = frozenset()) -> dict[str, frozenset[str]]:
    """Return for each step the ids of those that have run to their end whenever it begins.

    Branches that may be passed over (of a condition, of an outcome, of a block that is decided early) count for
    nothing; a return only runs steps again that have run before.
    """
    found: dict[str, frozenset[str]] = {}
    for spec in specs:
        found[spec.id] = sure
        inside: set[str] = {spec.id}
        for branch in steps.get(spec.kind).branches(spec):
            inner = sure_before(branch.steps, sure | {spec.id})
            found |= inner
            if _hears_everybody(spec):
                inside |= _certain(branch.steps)
        sure = sure | inside
    return found


def _certain(specs: Sequence[StepSpec]) -> set[str]:
    """Return the steps that have run when a sequence has run."""
    found: set[str] = set()
    for spec in specs:
        found.add(spec.id)
        if _hears_everybody(spec):
            for branch in steps.get(spec.kind).branches(spec):
                found |= _certain(branch.steps)
    return found


def _hears_everybody(spec: StepSpec) -> bool:
    """Tell whether a block only goes on when each of its branches has come through; a list may be empty."""
    return (
        isinstance(spec, BlockSpec)
        and spec.kind == "parallel"
        and spec.rule == "all"
        and spec.if_lost != "continue"
    )


def unsure_questions(definition: Definition, asked: Mapping[str, str], sure: Collection[str]) -> FormSchema:
    """Return the questions as a step may take them: those of steps that may not have run need no answer."""
    sections = [
        section.model_copy(
            update={
                "fields": [
                    field
                    if asked.get(field.key, "") in ("", *sure)
                    else field.model_copy(update={"required": False})
                    for field in section.fields
                ]
            }
        )
        for section in definition.questions.sections
    ]
    return FormSchema.model_construct(title="", sections=sections)


def askers(definition: Definition) -> dict[str, str]:
    """Return which step asks or answers each question that is none of the form."""
    found: dict[str, str] = {}
    for spec, _place, _depth in walk(definition.flow.steps):
        kind = steps.get(spec.kind)
        form = kind.form(spec)
        for field in [*(form.fields() if form else ()), *kind.provides(spec)]:
            found[field.key] = spec.id
    return found


# --- what nothing leads to -----------------------------------------------------------------------------------


def dead_ways(definition: Definition) -> Iterator[Finding]:
    """Yield steps that nothing leads to, branches that no answers lead to, steps with no way on, waits without end."""
    yield from _sequence(definition.flow.steps, "flow.steps")
    for spec, place, _depth in walk(definition.flow.steps):
        if isinstance(spec, ChoiceSpec):
            yield from _untaken(spec, place, definition)
        if isinstance(spec, WaitSpec):
            yield from _endless(spec, place, definition)


def _sequence(specs: Sequence[StepSpec], place: str) -> Iterator[Finding]:
    ended: StepSpec | None = None
    for index, spec in enumerate(specs):
        here = f"{place}[{index}]"
        if ended is not None:
            message = _("Nothing leads to this step: “%(step)s” never goes on.") % {
                "step": localized(ended.title)
            }
            yield Finding("flows.E150", message, here, spec.id)
            return
        if isinstance(spec, HumanSpec) and not _leads_on(spec):
            message = _("No outcome of this step leads on: here the dossier can only be rejected or go back.")
            yield Finding("flows.E151", message, here, spec.id)
        for number, branch in enumerate(steps.get(spec.kind).branches(spec)):
            yield from _sequence(branch.steps, f"{here}.branches[{number}].steps")
        if not _goes_on(spec):
            ended = spec


def _leads_on(spec: StepSpec) -> bool:
    outcomes = steps.get(spec.kind).outcomes(spec)
    return any(outcome.vote is not False and not outcome.targets for outcome in outcomes)


def _goes_on(spec: StepSpec) -> bool:
    """Tell whether the flow can come behind a step."""
    branches = steps.get(spec.kind).branches(spec)
    if isinstance(spec, HumanSpec):
        return _leads_on(spec)
    if isinstance(spec, ChoiceSpec):
        return any(_passes(branch) for branch in branches)
    if isinstance(spec, BlockSpec) and spec.rule == "all" and spec.if_lost != "continue":
        return all(_passes(branch) for branch in branches)
    return True


def _passes(branch: Branch) -> bool:
    return all(_goes_on(spec) for spec in branch.steps)


def _untaken(spec: ChoiceSpec, place: str, definition: Definition) -> Iterator[Finding]:
    """Doubt a branch that no example of answers leads to; a table that misses branches says so itself."""
    if spec.table is not None or not spec.branches[-1].otherwise:
        return
    for index in sorted(untaken([branch.when for branch in spec.branches[:-1]], definition.questions)):
        message = _("No answers were found that lead to this branch: “%(branch)s”.")
        words = {"branch": steps.get(spec.kind).branch_words(spec, index)}
        yield Finding("flows.W150", message % words, f"{place}.branches[{index}]", spec.id, WARNING)


def _endless(spec: WaitSpec, place: str, definition: Definition) -> Iterator[Finding]:
    """Doubt a wait for answers that nobody gives while the dossier stands there."""
    if not spec.when.strip() or spec.at_most is not None:
        return
    around = [(block, branch) for block, branch in definition.paths.get(spec.id, ())]
    asked = _answered_beside(definition, around)
    if not condition_names(spec.when) & asked:
        message = _("While the dossier waits here nobody can change the answers that the condition asks for.")
        yield Finding("flows.W151", message, f"{place}.when", spec.id, WARNING)


def _answered_beside(definition: Definition, around: Sequence[tuple[str, int]]) -> set[str]:
    """Return the questions that other branches of the blocks around a step answer."""
    found: set[str] = set()
    for block, own in around:
        spec = definition.steps_by_id[block]
        for number, branch in enumerate(steps.get(spec.kind).branches(spec)):
            if number != own or spec.kind == "each":
                for inner, _place, _depth in walk(branch.steps):
                    kind = steps.get(inner.kind)
                    form = definition.form_of(inner)
                    found |= {*(form.keys() if form else ()), *(field.key for field in kind.provides(inner))}
                    found |= {value.target for value in getattr(inner, "values", [])}
    return found


# --- how long and how deep -----------------------------------------------------------------------------------


def long_ways(definition: Definition) -> Iterator[Finding]:
    """Yield a doubt when the steps one after another may take longer than the dossier, and blocks nested too deep."""
    if definition.days is not None:
        taken = _hours_of(definition.flow.steps) / _HOURS
        longest = max((_own_hours(spec) for spec, *_rest in walk(definition.flow.steps)), default=0.0)
        # One step alone that takes too long is told by itself.
        if taken > definition.days >= longest / _HOURS:
            message = _(
                "The steps one after another may take %(taken)s working days; the dossier has %(days)s."
            )
            words = {"taken": f"{taken:g}", "days": definition.days}
            yield Finding("flows.W159", message % words, "days", level=WARNING)
    yield from _too_deep(definition.flow.steps, "flow.steps", 0)


def _hours_of(specs: Sequence[StepSpec]) -> float:
    """Return the hours of the longest way, eight to the day; what has no term takes none."""
    return sum(
        _own_hours(spec)
        + max((_hours_of(branch.steps) for branch in steps.get(spec.kind).branches(spec)), default=0.0)
        for spec in specs
    )


def _own_hours(spec: StepSpec) -> float:
    if not isinstance(spec, HumanSpec | WaitSpec):
        return 0.0
    return (spec.days or 0) * _HOURS + (spec.hours or 0)


def _too_deep(specs: Sequence[StepSpec], place: str, depth: int) -> Iterator[Finding]:
    for index, spec in enumerate(specs):
        here = f"{place}[{index}]"
        if depth > MAX_NESTING:
            message = _("Blocks are nested more than %(limit)s deep; nobody can follow that.")
            yield Finding("flows.W160", message % {"limit": MAX_NESTING}, here, spec.id, WARNING)
            continue
        for number, branch in enumerate(steps.get(spec.kind).branches(spec)):
            yield from _too_deep(branch.steps, f"{here}.branches[{number}].steps", depth + 1)
