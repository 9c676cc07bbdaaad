"""Outcomes and steps in the reader's language; roles, rules and reasons come from the room of the steps."""

from __future__ import annotations

from home.forms.api import localized
from workflows.definitions.api import Definition
from workflows.steps.api import (
    Outcome,
    StepSpec,
    closed_words,
    role_names,
    rule_words,
    rules_words,
    steps,
    tried_words,
    why_words,
)

__all__ = [
    "TONES",
    "closed_words",
    "outcome_label",
    "outcome_tone",
    "outcomes_of",
    "role_names",
    "rule_words",
    "rules_words",
    "title_of",
    "tried_words",
    "why_words",
]

TONES = {"positive": "green", "neutral": "orange", "negative": "red"}


def outcomes_of(definition: Definition | None, step_id: str) -> dict[str, Outcome]:
    """Return the outcomes of a step by code; empty for a step that nobody knows."""
    spec = definition.steps_by_id.get(step_id) if definition else None
    return {outcome.code: outcome for outcome in steps.get(spec.kind).outcomes(spec)} if spec else {}


def outcome_label(definition: Definition | None, step_id: str, code: str) -> str:
    """Return what the button of an outcome said; an unknown code stands for itself."""
    outcome = outcomes_of(definition, step_id).get(code)
    return str(outcome.label) if outcome else code


def outcome_tone(definition: Definition | None, step_id: str, code: str) -> str:
    """Return the colour word of an outcome (`green`, `orange`, `red`, else `secondary`)."""
    outcome = outcomes_of(definition, step_id).get(code)
    return TONES.get(outcome.tone, "secondary") if outcome else "secondary"


def title_of(definition: Definition | None, step_id: str) -> str:
    """Return the title of a step in the reader's language, or its id when the definition is unreadable."""
    spec: StepSpec | None = definition.steps_by_id.get(step_id) if definition else None
    return localized(spec.title) if spec else step_id
