"""Who has a dossier now: people by name, or the role whose holders may take the task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from home.people.api import User, people_with_role
from workflows.definitions.api import Definition
from workflows.dossiers.api import DISPATCH, Dossier, principals_of
from workflows.engine.api import acts_for, open_tasks
from workflows.steps.api import step_id_of

from .words import role_names, title_of


@dataclass(frozen=True)
class Holder:
    """One open task of a dossier. `for_reader` tells that the reader may act on it."""

    task_id: int
    step_id: str
    step: str
    person: User | None
    role: str
    since: datetime
    due_at: datetime | None
    for_reader: bool


def holders_of(dossier: Dossier, definition: Definition | None, reader: User) -> list[Holder]:
    """Return who has the dossier now; at most four queries, whatever the number of branches."""
    if not dossier.is_open:
        return []
    tasks = open_tasks(dossier)
    names = role_names(task.owner_permission or "" for task in tasks)
    mine = principals_of(reader)
    rows = []
    for task in tasks:
        step_id = step_id_of(task.node.rsplit(".", 1)[1])
        rows.append(
            Holder(
                task_id=task.pk,
                step_id=step_id,
                step=title_of(definition, step_id),
                person=task.owner,
                role=names.get(task.owner_permission or "", ""),
                since=task.assigned or task.created,
                due_at=task.scheduled,
                for_reader=task.owner_id == reader.pk
                or (task.owner_id is None and task.owner_permission in mine)
                or acts_for(reader, task.owner_id, task.owner_permission or "", dossier.type.code)
                is not None,
            )
        )
    return rows


def others_who_may(role: str, reader: User, limit: int = 8) -> tuple[list[User], int]:
    """Return the other holders of a role, at most `limit`, and how many more there are; one query."""
    if not role or role == DISPATCH:
        return [], 0
    people = [person for person in people_with_role(role) if person.pk != reader.pk]
    return people[:limit], max(len(people) - limit, 0)
