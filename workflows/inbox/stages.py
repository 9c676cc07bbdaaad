"""The way of a dossier in words: its steps in order, with how far each has come."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.definitions.api import DamagedVersionError, Definition
from workflows.dossiers.api import Dossier
from workflows.engine.api import StepState, Way, way_of
from workflows.steps.api import StepSpec, generated_specs, steps, walk

from .words import outcome_label, outcome_tone, role_names, title_of


@dataclass(frozen=True)
class Stage:
    """One step of the way, as the list of steps shows it; `depth` counts the parallel blocks around it."""

    title: str
    icon: str
    depth: int
    state: StepState
    role: str
    outcome: str
    tone: str


def readable_way(found: Dossier) -> Way | None:
    """Return the flow with its state, or None when the definition cannot be read; one query."""
    try:
        return way_of(found)
    except DamagedVersionError:
        return None


def stages_of(way: Way) -> list[Stage]:
    """Return the steps in the order of the definition, with their states: the diagram in words. Three queries."""
    names = role_names(state.role for state in way.states.values())
    return [
        _stage(way.definition, spec, depth, way.states.get(spec.id) or StepState(spec.id, "waiting"), names)
        for spec, depth in _specs(way.definition, way.states)
    ]


def _specs(definition: Definition, states: dict[str, StepState]) -> list[tuple[StepSpec, int]]:
    specs = [(spec, depth) for spec, _place, depth in walk(definition.flow.steps)]
    return specs + [(spec, 0) for spec in generated_specs() if spec.id in states]


def _stage(
    definition: Definition, spec: StepSpec, depth: int, state: StepState, names: dict[str, str]
) -> Stage:
    return Stage(
        title=title_of(definition, spec.id),
        icon=steps.get(spec.kind).icon,
        depth=depth,
        state=state,
        role=names.get(state.role, ""),
        outcome=outcome_label(definition, spec.id, state.outcome) if state.outcome else "",
        tone=outcome_tone(definition, spec.id, state.outcome) if state.outcome else "secondary",
    )
