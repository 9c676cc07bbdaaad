"""Stand-ins (ủy quyền): who may act on the tasks of somebody who is away, and what they may see for it.

A task stays with the person who is away, and its page opens to the stand-in at once; a task that the person could
claim is claimed by the stand-in for them. The queue of the dispatchers is nobody's to lend. The dossier with its
history opens under the name `stand_in:<delegation>`, which is granted when they are told of a task, when the delegation
is made and every minute from then on, and which only a running delegation gives its delegate: so access ends by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from home.people.api import Delegation, User, delegations_to, remembered, roles_of
from plugins.api.api import PreparedFamily, example_keys
from workflows.dossiers.api import DISPATCH, DossierAccess, own_names_of, stand_in_role
from workflows.steps.api import Assignment, Turn


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


def lent_roles(user: User) -> Mapping[int, frozenset[str]]:
    """Return by person for whom `user` stands in today the roles whose tasks `user` may claim for them.

    A query for each of these people, none in requests that read (`remembered`), and none for who stands in for nobody.
    """
    given = delegations_to(user)
    if not given:
        return {}
    return remembered(
        user, "roles lent", lambda: {row.principal_id: roles_of(row.principal) for row in given}
    )


def lent_by(
    user: User, role: str, matter: str, *, since: datetime | None = None, unfit: Collection[int] = ()
) -> Delegation | None:
    """Return the delegation under which `user` may claim today from the pool of `role` in this matter, if any.

    One that did not run yet at the moment `since` does not count, nor one of the `unfit` (keys of people).
    """
    roles = lent_roles(user)
    fit = (
        row
        for row in delegations_to(user)
        if row.covers(matter) and row.principal_id not in unfit and role in roles.get(row.principal_id, ())
    )
    return next((row for row in fit if since is None or timezone.localdate(since) >= row.since), None)


def acts_for(user: User, owner: int | None, role: str, matter: str) -> User | None:
    """Return for whom `user` stands in at an open task, which they have (`owner`) or may claim; None for themselves."""
    given = delegations_to(user)
    if not given or owner == user.pk or (owner is None and role in own_names_of(user)):
        return None
    if owner is None:
        lender = lent_by(user, role, matter)
        return lender.principal if lender is not None else None
    return next((one.principal for one in given if one.principal_id == owner and one.covers(matter)), None)


def matter_of(task: Task) -> str:
    """Return the code of the type of a task's dossier."""
    return str(task.flow_task.flow_class.definition.code)


def running_for(people: Iterable[User], matter: str) -> list[Delegation]:
    """Return the delegations under which somebody stands in for one of `people` today in this matter; one query."""
    keys = sorted({person.pk for person in people})
    if not keys:
        return []
    # Filled up to a power of two: the SQL is built for few numbers of people.
    filled = keys + keys[:1] * ((1 << (len(keys) - 1).bit_length()) - len(keys))
    return [row for row in _given.of(len(filled)).all(timezone.localdate(), *filled) if row.covers(matter)]


def _given_by(_number: int, day: date, *people: Any) -> QuerySet[Delegation]:
    found = Delegation.objects.valid_on(day).filter(principal__in=people, delegate__is_active=True)
    return found.select_related("delegate").order_by("pk")


_given: PreparedFamily[Delegation] = PreparedFamily(
    _given_by, lambda number: [date(1900, 1, 1), *example_keys(number)], keyed=True
)


def asked(
    holder: Assignment, task: Task, turn: Turn, *, given: Sequence[Delegation] | None = None
) -> list[User]:
    """Return who is told on behalf of a task: those who have it or may claim it, and whoever stands in for them today.

    Stand-ins see the dossier from then on, while they stand in. A submitter who may not judge it is not asked to.
    `given` are delegations that were read before for several tasks. The queue of the dispatchers is not lent.
    """
    people = holder.people()
    if holder.role == DISPATCH:
        return people
    own = turn.dossier.submitter_id if task.flow_task.not_submitter else None
    keys = {person.pk for person in people}
    running = running_for(people, matter_of(task)) if given is None else given
    fit = [row for row in running if row.principal_id in keys and row.delegate_id != own]
    turn.principals |= {stand_in_role(row.pk) for row in fit}
    return people + [row.delegate for row in fit if row.delegate not in people]


def admit(delegation: Delegation) -> int:
    """Let a running delegation's stand-in see what its principal has to do or may claim; return how many dossiers."""
    if delegation.state != Delegation.State.RUNNING:
        return 0
    role = stand_in_role(delegation.pk)
    tasks = Task.objects.filter(flow_task_type="HUMAN", process__dossierprocess__dossier__isnull=False)
    if delegation.codes is not None:
        tasks = tasks.filter(process__dossierprocess__dossier__type__code__in=delegation.codes)
    known = DossierAccess.objects.filter(dossier=OuterRef("process__dossierprocess__dossier"), principal=role)
    new = tasks.filter(~Exists(known)).order_by().values_list("process__dossierprocess__dossier", flat=True)
    own = new.filter(status=STATUS.ASSIGNED, owner=delegation.principal_id)
    pooled = new.filter(status=STATUS.NEW, owner_permission__in=roles_of(delegation.principal))
    rows = [DossierAccess(dossier_id=pk, principal=role) for pk in sorted({*own, *pooled})]
    DossierAccess.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)


def admit_stand_ins() -> int:
    """Admit the stand-ins of all delegations that run today (those that began at midnight, tasks handed over since)."""
    running = Delegation.objects.valid_on(timezone.localdate()).filter(delegate__is_active=True)
    return sum(admit(row) for row in running.select_related("principal").order_by("pk"))


def when_changed(delegation: Delegation, **kwargs: Any) -> None:
    """Admit the stand-in of a delegation that has just been made or changed."""
    admit(delegation)
