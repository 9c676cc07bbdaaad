"""The sweep over timers: each fires once, and one that fails keeps nobody else."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from home.notifications.api import send
from workflows.dossiers.api import DISPATCH, Dossier
from workflows.steps.api import Assignment, Delay, HumanSpec

from .addresses import dossier_url
from .escalation import act_on, is_reminder, takes_away
from .guards import locked_task
from .lock import exclusive
from .models import Timer
from .timers import LATE, REMIND
from .turns import turn_of

logger = logging.getLogger(__name__)

#: How many timers one run takes up; what is left over is next minute's.
BATCH = 500
#: After so many failures a timer is given up, and the dispatchers are told.
ATTEMPTS = 6
_BACK_OFF = timedelta(minutes=1)
_OURS = Q(code__startswith=f"{REMIND}:") | Q(code__startswith=f"{LATE}:")


def fire_timers() -> int:
    """Do what is due by the clock, each in its own transaction; return how much was done.

    Safe to run twice at once and on two machines: each timer is looked at again under the lock of its dossier. One
    that fails is kept with its error, tried again later and does not keep the others.
    """
    fired = 0
    for timer in _due(timezone.now()):
        try:
            fired += fire(timer)
        except Exception as error:  # whatever breaks one dossier must not stop the sweep
            logger.exception("Timer %s of task %s failed", timer.code, timer.task_id)
            _keep_failure(timer, error)
    return fired


def _due(now: datetime) -> list[Timer]:
    """Return what is to be done now, the oldest first; dossiers whose clock stands still are left alone."""
    running = _waiting(now).exclude(task__process__dossierprocess__dossier__state__in=Dossier.PAUSED)
    return list(running.order_by("fire_at", "pk")[:BATCH])


def _waiting(now: datetime) -> QuerySet[Timer]:
    return Timer.objects.filter(_OURS, fired_at__isnull=True, fire_at__lte=now, attempts__lt=ATTEMPTS)


def fire(timer: Timer) -> int:
    """Do one timer under the lock of its dossier, unless that is no longer wanted; return whether it was done."""
    with exclusive():
        task, dossier = locked_task(timer.task_id)
        now = timezone.now()
        due = list(_waiting(now).filter(task=task).order_by("fire_at", "pk"))
        if timer not in due or dossier.is_paused:
            return 0
        if task.finished is not None:
            Timer.objects.filter(task=task, fired_at__isnull=True).delete()
            return 0
        timer = due[due.index(timer)]
        timer.fired_at = now
        timer.save(update_fields=["fired_at"])
        option = option_of(timer, task.flow_task.spec)
        if option is None or _is_overtaken(option, due[due.index(timer) + 1 :], task.flow_task.spec):
            return 0
        with turn_of(dossier, by=None) as turn:
            act_on(option, task, turn)
    return 1


def option_of(timer: Timer, spec: HumanSpec) -> Delay | None:
    """Return what a timer stands for; None when the dossier has moved to a version without it."""
    kind, _colon, number = timer.code.partition(":")
    options: list[Delay] = list(spec.remind if kind == REMIND else spec.late)
    return options[int(number)] if int(number) < len(options) else None


def _is_overtaken(option: Delay, later: list[Timer], spec: HumanSpec) -> bool:
    """Tell whether a reminder is followed at once by a newer one, or by something that takes the task away."""
    if not is_reminder(option):
        return False
    following = [found for timer in later if (found := option_of(timer, spec)) is not None]
    return any(is_reminder(found) or takes_away(found) for found in following)


def _keep_failure(timer: Timer, error: Exception) -> None:
    try:
        with transaction.atomic():
            _count_failure(timer, f"{type(error).__name__}: {error}"[:2000])
    except DatabaseError:  # it stays due as it is, and the next run tries it
        logger.exception("The failure of timer %s cannot be kept", timer.pk)


def _count_failure(timer: Timer, error: str) -> None:
    """Count a failure and try again later; after the last attempt tell the dispatchers, once."""
    later = timezone.now() + _BACK_OFF * 2**timer.attempts
    # Two schedulers may have failed together; it counts once.
    same = Timer.objects.filter(pk=timer.pk, fired_at__isnull=True, attempts=timer.attempts)
    counted = same.update(attempts=timer.attempts + 1, error=error, fire_at=later)
    if counted and timer.attempts + 1 >= ATTEMPTS:
        _give_up(timer, error)


def _give_up(timer: Timer, error: str) -> None:
    dossier = Dossier.objects.get(processes__task=timer.task_id)
    logger.error("Timer %s of dossier %s is given up: %s", timer.code, dossier.number, error)
    params = {"number": dossier.number, "subject": dossier.subject, "error": error}
    dispatchers = Assignment(role=DISPATCH).people()
    send("timer.failed", to=dispatchers, params=params, url=dossier_url(dossier))
