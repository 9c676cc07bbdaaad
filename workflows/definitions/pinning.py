"""Before a definition is frozen, every step names what it would otherwise leave to “the newest”."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.steps.api import StepSpec, steps

from .definition import Definition


def pinned(definition: Definition) -> Definition:
    """Return the definition with every step pinned (`Step.pin`); the same one when there is nothing to name."""
    copy = definition.model_copy(deep=True)
    return Definition.parse(copy.canonical()) if _pin(copy.flow.steps) else definition


def _pin(specs: list[StepSpec] | Sequence[StepSpec]) -> bool:
    """Pin the steps of a list in place, nested ones too, and return whether anything was named."""
    changed = False
    for index, spec in enumerate(specs):
        kind = steps.get(spec.kind)
        for branch in kind.branches(spec):
            changed = _pin(branch.steps) or changed
        found = kind.pin(spec)
        if found is not spec:
            specs[index] = found  # type: ignore[index]
            changed = True
    return changed
