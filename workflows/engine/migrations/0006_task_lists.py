"""Lists of tasks in the order of their due dates, none counting as one that never comes: a page is read, not sorted.

One index for each kind of list: what a person has to do, what waits in a pool, what a person has done.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

NEVER = {"postgresql": "'9999-12-31 00:00:00+00:00'::timestamptz", "sqlite": "'9999-12-31 00:00:00'"}
#: The same expression as `workflows.dossiers.due.DueOrNever`, to the letter.
DUE = "(COALESCE(scheduled, {never}))"
INDEXES = {
    "engine_task_due_mine": f"(owner_id, {DUE}, id) WHERE status = 'ASSIGNED' AND flow_task_type = 'HUMAN'",
    "engine_task_due_claim": f"(owner_permission, {DUE}, id) WHERE status = 'NEW' AND flow_task_type = 'HUMAN'",
    "engine_task_done": "(owner_id, finished, id) WHERE status = 'DONE' AND flow_task_type = 'HUMAN'",
}
#: What the first two take the place of.
FORMER = {
    "engine_task_mine": "(owner_id, scheduled, created) WHERE status = 'ASSIGNED' AND flow_task_type = 'HUMAN'",
    "engine_task_claim": "(owner_permission, scheduled, created, id) WHERE status = 'NEW' AND flow_task_type = 'HUMAN'",
}


def add(apps: Any, editor: Any) -> None:
    """Make the new indexes, then drop the former."""
    never = NEVER[editor.connection.vendor]
    for name, columns in INDEXES.items():
        editor.execute(f"CREATE INDEX {name} ON viewflow_task {columns.format(never=never)}")
    for name in FORMER:
        editor.execute(f"DROP INDEX {name}")


def remove(apps: Any, editor: Any) -> None:
    """Make the former indexes again."""
    for name, columns in FORMER.items():
        editor.execute(f"CREATE INDEX {name} ON viewflow_task {columns}")
    for name in INDEXES:
        editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("engine", "0004_claim_index")]

    operations = [migrations.RunPython(add, remove)]
