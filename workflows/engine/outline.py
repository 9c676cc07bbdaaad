"""What a diagram shows of each part of a flow: title, who and until when, ways out, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from home.forms.api import localized
from workflows.definitions.api import Names
from workflows.steps.api import BlockSpec, EachSpec, HumanSpec, Step, StepSpec, steps

from .queries import StepState

#: How a part is drawn.
PERSON, AUTOMATIC, CHOICE, BLOCK, EACH = "person", "automatic", "choice", "block", "each"
#: The state of a part when there is no dossier.
PLANNED = "planned"


@dataclass(frozen=True)
class Route:
    """One way out of a part: its title or what it is for, more on that, and what happens on it."""

    label: str
    parts: tuple[Part, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Part:
    """One step or block. `place` is its path in the definition and unique; `id` may be missing in a draft.

    `notes` and `marks` are small lines: who acts, and where the dossier may go back to or end. `says` is the state in
    words.
    """

    place: str
    id: str
    title: str
    icon: str
    shape: str
    state: str = PLANNED
    says: str = ""
    notes: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    ways: tuple[Route, ...] = ()
    faulty: bool = False

    @property
    def is_block(self) -> bool:
        """Whether it is drawn as a block around its ways."""
        return self.shape in (BLOCK, EACH)


def outline(
    specs: Sequence[StepSpec],
    names: Names,
    states: Mapping[str, StepState] | None = None,
    *,
    place: str = "flow.steps",
    inside: bool = False,
) -> tuple[Part, ...]:
    """Return the parts of a sequence; `states` by step id are those of a dossier. `inside` is a parallel block."""
    return tuple(_part(spec, names, states, f"{place}[{index}]", inside) for index, spec in enumerate(specs))


def _part(
    spec: StepSpec, names: Names, states: Mapping[str, StepState] | None, place: str, inside: bool
) -> Part:
    kind = steps.get(spec.kind)
    around = inside or kind.parallel
    routes = [
        route(
            spec,
            index,
            names,
            outline(branch.steps, names, states, place=f"{place}.branches[{index}].steps", inside=around),
            briefly=states is not None,
        )
        for index, branch in enumerate(kind.branches(spec))
    ]
    state = (states.get(spec.id) or StepState(spec.id, "waiting")) if states is not None else None
    return part_of(spec, names, routes, place=place, state=state, inside=inside)


def route(
    spec: StepSpec, index: int, names: Names, parts: tuple[Part, ...], *, briefly: bool = False
) -> Route:
    """Return one way of a block: under its title and, unless `briefly`, what decides for it."""
    kind = steps.get(spec.kind)
    title = localized(kind.branches(spec)[index].title)
    words = kind.way_words(spec, index, names)
    label = title or words or _("Branch %(number)s") % {"number": index + 1}
    return Route(label, parts, "" if briefly or words == label else words)


def part_of(
    spec: StepSpec,
    names: Names,
    routes: Iterable[Route],
    *,
    place: str,
    state: StepState | None = None,
    inside: bool = False,
) -> Part:
    """Return one part with its ways; the ways of a step that forks lie beside the one straight on."""
    kind = steps.get(spec.kind)
    ways = tuple(routes)
    if ways and kind.forks:
        ways = (Route("".join(str(outcome.label) for outcome in kind.outcomes(spec)[:1])), *ways)
    return Part(
        place=place,
        id=spec.id,
        title=localized(spec.title) or spec.id,
        icon=kind.icon,
        shape=_shape(spec, kind),
        state=state.state if state else PLANNED,
        says=state_words(spec, state) if state else "",
        notes=tuple(filter(None, _notes(spec, kind, names, state))),
        marks=tuple(_marks(spec, kind, names, inside)),
        ways=ways,
    )


def _shape(spec: StepSpec, kind: Step) -> str:
    if isinstance(spec, BlockSpec):
        return EACH if isinstance(spec, EachSpec) else BLOCK
    if kind.branches(spec) and not kind.forks:
        return BLOCK if kind.parallel else CHOICE
    return PERSON if isinstance(spec, HumanSpec) else AUTOMATIC


def _notes(spec: StepSpec, kind: Step, names: Names, state: StepState | None) -> list[str]:
    if isinstance(spec, BlockSpec):
        return [kind.block_words(spec)]
    # A condition says at its ways what it is about.
    what = "" if kind.branches(spec) else _what(spec, kind)
    if state is not None and state.state not in (PLANNED, "waiting"):
        return _met(spec, state) or [what]
    return [kind.brief(spec, names) or what]


def _what(spec: StepSpec, kind: Step) -> str:
    """Say what runs by itself: it has no name to show."""
    words = "" if isinstance(spec, HumanSpec) else str(kind.title)
    return "" if words == localized(spec.title) else words


def _met(spec: StepSpec, state: StepState) -> list[str]:
    """Say who has a step or how it ended."""
    words = outcome_words(spec, state.outcome) if state.outcome else ""
    if state.state == "cancelled":
        words = _("no longer needed")
    due = ""
    if state.state == "open" and state.due_at:
        due = _("due %(date)s") % {"date": date_format(localtime(state.due_at), "d/m/Y")}
    # A person stands on a line of their own.
    return list(filter(None, [words, str(state.owner) if state.owner else "", due]))


def _marks(spec: StepSpec, kind: Step, names: Names, inside: bool) -> list[str]:
    """Say where a step may lead back to, and whether it may end the dossier."""
    if isinstance(spec, BlockSpec):
        return _lost(spec, inside)
    found = []
    for outcome in kind.outcomes(spec):
        if outcome.targets:
            places = ", ".join(_target(step, names) for step in outcome.targets)
            found.append(_("↩ back to: %(places)s") % {"places": places})
        elif outcome.code == "reject" and not inside:
            found.append(_("✕ %(outcome)s: the end") % {"outcome": outcome.label})
    return found


def _lost(spec: BlockSpec, inside: bool) -> list[str]:
    if inside or spec.if_lost == "continue":
        return []
    if spec.if_lost == "reject":
        return [_("✕ if too few agree: the end")]
    return [_("↩ if too few agree: back to the submitter")]


def _target(step: str, names: Names) -> str:
    if step == "rework":
        return _("the submitter")
    return _("any earlier step") if step == "*" else names.name("step", step)


def outcome_words(spec: StepSpec, code: str) -> str:
    """Return what the button of an outcome says; an outcome that is gone shows its code."""
    labels = {outcome.code: str(outcome.label) for outcome in steps.get(spec.kind).outcomes(spec)}
    return labels.get(code, code)


def state_words(spec: StepSpec, state: StepState) -> str:
    """Say how far a step has come."""
    match state.state:
        case "open":
            return _("waits for %(name)s") % {"name": state.owner} if state.owner else _("open")
        case "done":
            words = [outcome_words(spec, state.outcome) if state.outcome else _("done")]
            return ", ".join(words + ([str(state.owner)] if state.owner else []))
        case "cancelled":
            return _("no longer needed")
    return _("not reached yet")
