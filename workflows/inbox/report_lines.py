"""The lines of the list behind a number: of dossiers, or of steps of dossiers.

A report is about more than its reader may open: who answers for a department is told which dossiers are late and with
whom they are, but reads only those that the gate of dossiers lets them read. Of the others the subject is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from home.people.api import User
from workflows.dossiers.api import Dossier
from workflows.engine.api import step_title
from workflows.steps.api import step_id_of

from .deadlines import Light, lights
from .report_cells import Cell
from .words import role_names


@dataclass(frozen=True)
class ListLine:
    """One line; `url` and `subject` are empty where the reader may not open the dossier."""

    dossier: Dossier
    url: str
    subject: str
    steps: list[str]
    who: str
    since: datetime
    until: datetime | None
    due_at: datetime | None
    light: Light


def lines_of(cell: Cell, rows: Sequence[Any], reader: User) -> list[ListLine]:
    """Return the lines of what a cell counts; at most six queries, whatever their number."""
    keys = [_dossier_of(row) for row in rows] if cell.of_tasks else [row.pk for row in rows]
    found = Dossier.objects.select_related("type", "version", "submitter", "department")
    dossiers = found.defer("version__definition", "answers").in_bulk(set(keys))
    opened = Dossier.objects.visible_to(reader).filter(pk__in=set(keys)).order_by()
    seen = set(opened.values_list("pk", flat=True))
    light = lights()
    if not cell.of_tasks:
        return [_of_dossier(dossiers[key], seen, light) for key in keys]
    names = role_names(row["owner_permission"] or "" for row in rows)
    people = User.objects.in_bulk({row["owner"] for row in rows if row["owner"]})
    return [_of_task(row, dossiers[_dossier_of(row)], seen, light, names, people) for row in rows]


TASK_COLUMNS = (
    "node",
    "owner",
    "owner_permission",
    "created",
    "finished",
    "scheduled",
    "process__dossierprocess__dossier",
)


def _dossier_of(row: dict[str, Any]) -> int:
    return int(row["process__dossierprocess__dossier"])


def _of_dossier(row: Dossier, seen: set[int], light: Any) -> ListLine:
    steps = [step_title(row.version, step) for step in dict.fromkeys(row.open_steps)]
    return ListLine(
        row,
        *_opening(row, seen),
        steps,
        str(row.submitter),
        row.opened_at,
        row.closed_at,
        row.due_at,
        light(row.due_at, row.closed_at),
    )


def _of_task(
    row: dict[str, Any],
    dossier: Dossier,
    seen: set[int],
    light: Any,
    names: dict[str, str],
    people: dict[int, User],
) -> ListLine:
    step = step_title(dossier.version, step_id_of(row["node"].rsplit(".", 1)[1]))
    owner = people.get(row["owner"])
    who = str(owner) if owner else names.get(row["owner_permission"] or "", "")
    return ListLine(
        dossier,
        *_opening(dossier, seen),
        [step],
        who,
        row["created"],
        row["finished"],
        row["scheduled"],
        light(row["scheduled"], row["finished"]),
    )


def _opening(dossier: Dossier, seen: set[int]) -> tuple[str, str]:
    if dossier.pk not in seen:
        return "", ""
    return reverse("dossier", args=[dossier.pk]), dossier.subject
