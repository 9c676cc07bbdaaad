"""viewflow alone: cases of the hand-coded flows, started and decided without product around."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from viewflow.workflow.flow import Flow
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from bench.office import ANSWERS, officer
from bench.stock import RIGHT, StockJoin, StockTwo
from home.people.api import User


def _start(flow_class: type[Flow]) -> int:
    """Start a case and return the key of its process."""
    node: Any = flow_class.instance.node("start")
    with transaction.atomic():
        activation = node.activation_class.create(node, None, None)
        process = activation.process
        process.subject, process.amount = ANSWERS["subject"], ANSWERS["amount"]
        process.save()
        activation.execute()
    return int(process.pk)


def _decide(task_id: int) -> None:
    """Decide one task as viewflow's own view does, without request, form or answer."""
    with transaction.atomic():
        task: Any = Task.objects.select_related("process").get(pk=task_id)
        task.owner = officer_once()
        task.status = STATUS.ASSIGNED
        activation = task.flow_task.activation_class(task)
        activation.start(None)
        activation.process.decision = "approve"
        activation.process.save()
        activation.execute()


_officer: list[User] = []


def officer_once() -> User:
    """Return the officer, looked up once: a request has its user already."""
    if not _officer:
        _officer.append(officer())
    return _officer[0]


def _waiting(process_id: int) -> list[int]:
    tasks = Task.objects.filter(process=process_id, flow_task_type="HUMAN", finished=None)
    return list(tasks.order_by("pk").values_list("pk", flat=True))


def two_waiting() -> Callable[[], None]:
    """Return the act that decides the first of two steps of a new case."""
    officer_once()
    task_id = _waiting(_start(StockTwo))[0]
    return lambda: _decide(task_id)


def join_waiting() -> Callable[[], None]:
    """Return the act that closes the parallel block of a new case."""
    process_id = _start(StockJoin)
    _decide(_waiting(process_id)[0])
    task_id = _waiting(process_id)[0]
    return lambda: _decide(task_id)


def allow(*people: User) -> None:
    """Give people the right by which stock permissions let them claim."""
    from django.contrib.auth.models import Permission

    app, codename = RIGHT.split(".")
    right = Permission.objects.get(content_type__app_label=app, codename=codename)
    for person in people:
        person.user_permissions.add(right)


def waiting_task(number: int, *, stock: bool = False) -> int:
    """Return the open task of a dossier, or of a stock process."""
    wanted = {"process": number} if stock else {"process__dossierprocess__dossier": number}
    return Task.objects.filter(flow_task_type="HUMAN", finished=None, **wanted).values_list("pk", flat=True)[
        0
    ]
