"""Background work of this room."""

from __future__ import annotations

from django_tasks import task


@task()
def deliver() -> int:
    """Send what waits in the outbox; return how many messages left. May run any number of times."""
    from .delivery import deliver_due

    return deliver_due()
