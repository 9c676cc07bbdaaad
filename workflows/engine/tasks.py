"""Background work of this room."""

from __future__ import annotations

from django_tasks import task


@task()
def do_errands() -> int:
    """Do the errands that are due; return how many were done. May run any number of times."""
    from .errands import run_errands

    return run_errands()
