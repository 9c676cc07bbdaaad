"""The sweep over timers: each fires once, and one that fails keeps nobody else."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from viewflow.workflow.models import Task

from home.notifications.api import send
from workflows.definitions.api import Definition, definition_of
from workflows.dossiers.api import DISPATCH, Dossier
from workflows.steps.api import Alert, Assignment, Delay, HumanSpec, Turn

from .addresses import dossier_url
from .alerts import alert
from .escalation import act_on, is_reminder, takes_away
from .guards import locked_dossier, locked_task
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
            logger.exception("Timer %s of %s failed", timer.code, timer.place)
            _keep_failure(timer, error)
    return fired


def _due(now: datetime) -> list[Timer]:
    """Return what is to be done now, the oldest first; dossiers whose clock stands still are left alone."""
    paused = Q(task__process__dossierprocess__dossier__state__in=Dossier.PAUSED)
    running = _waiting(now).exclude(paused).exclude(dossier__state__in=Dossier.PAUSED)
    return list(running.order_by("fire_at", "pk")[:BATCH])


def _waiting(now: datetime) -> QuerySet[Timer]:
    return Timer.objects.filter(_OURS, fired_at__isnull=True, fire_at__lte=now, attempts__lt=ATTEMPTS)


@dataclass(frozen=True)
class _Place:
    """What a timer belongs to, under its lock: a task, or (None) the dossier itself; and where its options stand."""

    dossier: Dossier
    task: Task | None
    options: HumanSpec | Definition

    @classmethod
    def of(cls, timer: Timer) -> _Place:
        if timer.task_id is not None:
            task, dossier = locked_task(timer.task_id)
            return cls(dossier, task, task.flow_task.spec)
        dossier = locked_dossier(timer.dossier_id or 0).dossier
        return cls(dossier, None, definition_of(dossier.version))

    @property
    def is_closed(self) -> bool:
        return self.task.finished is not None if self.task is not None else not self.dossier.is_open

    def timers(self) -> QuerySet[Timer]:
        mine = Q(task=self.task) if self.task is not None else Q(dossier=self.dossier)
        return Timer.objects.filter(mine, fired_at__isnull=True)

    def option(self, timer: Timer) -> Delay | None:
        return option_of(timer, self.options)

    def act(self, option: Delay, turn: Turn) -> None:
        if self.task is not None:
            act_on(option, self.task, turn)
        elif isinstance(option, Alert):
            alert(option, turn)


def option_of(timer: Timer, options: HumanSpec | Definition) -> Delay | None:
    """Return what a timer stands for; None when the dossier has moved to a version without it."""
    kind, _colon, number = timer.code.partition(":")
    found: list[Delay] = list(options.remind if kind == REMIND else options.late)
    return found[int(number)] if int(number) < len(found) else None


def fire(timer: Timer) -> int:
    """Do one timer under the lock of its dossier, unless that is no longer wanted; return whether it was done."""
    with exclusive():
        place, now = _Place.of(timer), timezone.now()
        due = list((_waiting(now) & place.timers()).order_by("fire_at", "pk"))
        if timer not in due or place.dossier.is_paused:
            return 0
        if place.is_closed:
            place.timers().delete()
            return 0
        timer = due[due.index(timer)]
        timer.fired_at = now
        timer.save(update_fields=["fired_at"])
        option = place.option(timer)
        later = [found for one in due[due.index(timer) + 1 :] if (found := place.option(one)) is not None]
        if option is None or any(_overtakes(found, option) for found in later):
            return 0
        with turn_of(place.dossier, by=None) as turn:
            place.act(option, turn)
    return 1


def _overtakes(later: Delay, option: Delay) -> bool:
    """Tell whether a reminder says nothing new beside what follows at once: a newer one, or the task taken away."""
    if isinstance(option, Alert):
        return isinstance(later, Alert) and set(option.tell) <= set(later.tell)
    return is_reminder(option) and (is_reminder(later) or takes_away(later))


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
    dossier = timer.dossier or Dossier.objects.get(processes__task=timer.task_id)
    logger.error("Timer %s of dossier %s is given up: %s", timer.code, dossier.number, error)
    params = {"number": dossier.number, "subject": dossier.subject, "error": error}
    dispatchers = Assignment(role=DISPATCH).people()
    send("timer.failed", to=dispatchers, params=params, url=dossier_url(dossier))
