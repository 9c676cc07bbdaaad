"""One writer for each dossier."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from viewflow.workflow.models import Process

from .errors import BusyError, NotVisibleError


@contextmanager
def exclusive(*, joins: bool = False) -> Iterator[None]:
    """Run one change of state in one transaction; a wait that ends at the database's limit raises `BusyError`.

    One that `joins` the transaction around it has no savepoint of its own: what fails ends that one too.
    How long a lock is waited for is a setting of the connection (`lock_timeout`, SQLite's `timeout`).
    """
    try:
        with transaction.atomic(savepoint=not joins):
            yield
    except OperationalError as error:
        raise BusyError from error


def lock_process(rows: QuerySet[Process]) -> Process:
    """Lock and return the one process in `rows`, with nothing but its key loaded. Raises `NotVisibleError`.

    `FOR NO KEY UPDATE` lets others insert rows that refer to the process. On SQLite the exclusion is
    `transaction_mode = IMMEDIATE`.
    """
    found = locking(rows).first()
    if found is None:
        raise NotVisibleError
    return found


def locking(rows: QuerySet[Process]) -> QuerySet[Process]:
    """Return the query that locks a process."""
    return rows.select_for_update(no_key=True, of=("self",)).only("pk")


class ProcessLock:
    """viewflow's `lock_impl`, for the few places where viewflow itself takes the lock.

    Its own default is no lock at all (two approvals make two next tasks), and its row lock polls with sleeps of up to
    eight seconds.
    """

    @contextmanager
    def __call__(self, flow_class: Any, process_pk: int) -> Iterator[None]:
        """Hold the lock of one process until the commit."""
        with exclusive():
            lock_process(Process.objects.filter(pk=process_pk))
            yield
