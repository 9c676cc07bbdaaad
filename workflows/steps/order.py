"""The order in which one change of state takes what others wait for: first registers, then the turns of groups.

A flow may do both in one go, and in any order (branches run side by side). Whoever comes to the first of them therefore
locks all that this flow may take, each kind by name: so two changes never wait for each other. Most flows have one of
them at the most, and then nothing is locked beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.utils import timezone
from pydantic import BaseModel

from workflows.dossiers.api import current_rehearsal, hold_registers

from .models import Rotation
from .situation import Situation
from .spec import StepSpec


def registers_of(specs: Iterable[StepSpec]) -> frozenset[str]:
    """Return the registers that steps take numbers of."""
    return frozenset(str(code) for spec in specs if (code := getattr(spec, "register_", None)))


def rotations_of(specs: Iterable[StepSpec]) -> frozenset[str]:
    """Return the keys of the groups whose people are asked in turn, wherever a rule of these steps says so."""
    return frozenset(key for spec in specs for key in _keys(spec))


def _keys(part: Any) -> Iterator[str]:
    if isinstance(part, BaseModel):
        if key := getattr(part, "rotation_key", ""):
            yield str(key)
        for name in type(part).model_fields:
            if name != "branches":  # their steps are looked at by themselves
                yield from _keys(getattr(part, name))
    elif isinstance(part, list | tuple):
        for item in part:
            yield from _keys(item)


#: By flow class. A class may go: that of a rehearsal does.
_taken: WeakKeyDictionary[Any, tuple[frozenset[str], frozenset[str]]] = WeakKeyDictionary()


def _taken_by(flow_class: Any) -> tuple[frozenset[str], frozenset[str]]:
    """Return the registers and the rotations of a flow, which never changes."""
    if flow_class not in _taken:
        specs = list(flow_class.definition.steps_by_id.values())
        _taken[flow_class] = registers_of(specs), rotations_of(specs)
    return _taken[flow_class]


def hold_in_order(at: Situation) -> None:
    """Lock the registers and rotations of the flow that runs, once in a turn, when there is more than one of them.

    A rehearsal has copies of its own, for which nobody else waits.
    """
    if current_rehearsal() is not None:
        return
    registers, rotations = _taken_by(at.process.flow_class)
    if at.turn.holds or len(registers) + len(rotations) < 2:
        return
    at.turn.holds = True
    if not connection.features.has_select_for_update:
        return
    year = timezone.localtime(at.turn.at).year
    hold_registers((code, year) for code in registers)
    known = set(Rotation.objects.filter(key__in=rotations).values_list("key", flat=True))
    missing = [Rotation(key=key) for key in sorted(rotations - known)]
    if missing:
        Rotation.objects.bulk_create(missing, ignore_conflicts=True)
    list(Rotation.objects.select_for_update().filter(key__in=rotations).order_by("key"))
