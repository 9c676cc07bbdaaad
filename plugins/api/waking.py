"""Waking the worker: background tasks that look for work themselves, and so need not be asked for twice."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django_tasks import TaskResultStatus, task_backends
from django_tasks_db.backend import DatabaseBackend

from .prepared_writes import PreparedInsert

if TYPE_CHECKING:
    from django_tasks_db.models import DBTaskResult


def wake(task: Any) -> None:
    """Have a worker run a task that does all work which waits, unless one waits to be run anyway. One query.

    Call it after the commit of the work: whatever has not begun by now reads what is committed now.
    """
    if not isinstance(task_backends[task.backend], DatabaseBackend):
        task.enqueue()
        return
    from django_tasks_db.models import DBTaskResult, get_date_max

    row: DBTaskResult[Any, Any] = DBTaskResult(
        args_kwargs={"args": [], "kwargs": {}},
        priority=task.priority,
        task_path=task.module_path,
        queue_name=task.queue_name,
        backend_name=task.backend,
        run_after=get_date_max(),
    )
    _asked().unless(row, status=TaskResultStatus.READY.value, task_path=task.module_path)


@cache
def _asked() -> PreparedInsert[DBTaskResult]:
    from django_tasks_db.models import DBTaskResult

    return PreparedInsert(DBTaskResult)
