"""Stand-ins (ủy quyền): who may act on the tasks of somebody who is away, and what they may see for it.

A task stays with the person who is away, and its page opens to the stand-in at once. The dossier with its history opens
under the name `stand_in:<delegation>`, which is granted when the delegation is made and every minute from then on, and
which only a running delegation gives its delegate: so access ends by itself, and no decision pays for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from home.people.api import Delegation, User, delegations_to
from workflows.dossiers.api import DossierAccess, stand_in_role


def principal_for(by: User, owner: User, matter: str) -> User | None:
    """Return `owner` when `by` stands in for them today in this matter (the code of a dossier type), else None."""
    return owner if took_over(by, owner, matter, None) else None


def took_over(by: User, owner: User, matter: str, closed_at: datetime | None) -> bool:
    """Tell whether `by` stands in today for `owner` and did so already when a task was closed (None: it is open)."""
    return any(
        row.principal_id == owner.pk
        and row.covers(matter)
        and (closed_at is None or timezone.localdate(closed_at) >= row.since)
        for row in delegations_to(by)
    )


def running_for(people: Iterable[User], matter: str) -> list[Delegation]:
    """Return the delegations under which somebody stands in for one of `people` today in this matter; one query."""
    given = Delegation.objects.valid_on(timezone.localdate()).filter(
        principal__in=[person.pk for person in people], delegate__is_active=True
    )
    return [row for row in given.select_related("delegate").order_by("pk") if row.covers(matter)]


def admit(delegation: Delegation) -> int:
    """Let a running delegation's stand-in see what its principal has to do now; return how many dossiers."""
    if delegation.state != Delegation.State.RUNNING:
        return 0
    tasks = Task.objects.filter(status=STATUS.ASSIGNED, flow_task_type="HUMAN", owner=delegation.principal_id)
    if delegation.codes is not None:
        tasks = tasks.filter(process__dossierprocess__dossier__type__code__in=delegation.codes)
    dossiers = set(tasks.order_by().values_list("process__dossierprocess__dossier", flat=True)) - {None}
    role = stand_in_role(delegation.pk)
    rows = [DossierAccess(dossier_id=pk, principal=role) for pk in sorted(dossiers)]
    DossierAccess.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)


def admit_stand_ins() -> int:
    """Admit the stand-ins of all delegations that run today (those that began at midnight, tasks handed over since)."""
    running = Delegation.objects.valid_on(timezone.localdate()).filter(delegate__is_active=True)
    return sum(admit(row) for row in running.order_by("pk"))


def when_changed(delegation: Delegation, **kwargs: Any) -> None:
    """Admit the stand-in of a delegation that has just been made or changed."""
    admit(delegation)
