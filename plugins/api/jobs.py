"""Scheduled jobs: apps contribute them through `jobs.py`, and `manage.py beat` runs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cronsim import CronSim, CronSimError
from django.core.management import call_command
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks import task_backends
from django_tasks_db.backend import DatabaseBackend

from .registry import Registry

#: How long runs are kept: those that went well, and the others.
KEEP_DONE = timedelta(days=2)
KEEP_FAILED = timedelta(days=30)
PULSE = "beat"
#: A beat that has not shown a pulse for so long is taken for dead.
DEAD_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Job:
    """Work that is due by the clock. `schedule` is a cron line in the office's time zone (`"0 3 * * *"`).

    `run` may be called again after a crash, so it must not mind having run already. Whatever it raises is
    kept on the run and logged; its return value is not looked at.
    """

    code: str
    schedule: str
    run: Callable[[], object]
    label: str | Promise = ""

    def __post_init__(self) -> None:
        try:
            CronSim(self.schedule, datetime(2026, 1, 1))
        except CronSimError as error:
            raise ValueError(f"The job {self.code!r} has no valid schedule: {self.schedule!r}.") from error

    def last_due(self, now: datetime) -> datetime:
        """Return the latest moment up to `now` (aware) at which this job was due."""
        local = timezone.localtime(now, timezone.get_default_timezone())
        following_minute = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
        return next(CronSim(self.schedule, following_minute, reverse=True))


jobs: Registry[Job] = Registry(Job, module="jobs", noun="job")


def beat_is_alive(within: timedelta = DEAD_AFTER) -> bool:
    """Return whether a beat has shown its pulse within this time. One query."""
    from .job_models import Pulse

    return Pulse.objects.filter(code=PULSE, at__gte=timezone.now() - within).exists()


def purge_runs() -> int:
    """Forget old runs; return how many."""
    from .job_models import JobRun

    now = timezone.now()
    done = JobRun.objects.filter(state=JobRun.State.DONE, due_at__lt=now - KEEP_DONE).delete()[0]
    return done + JobRun.objects.filter(due_at__lt=now - KEEP_FAILED).delete()[0]


def _publish_scheduled() -> None:
    call_command("publish_scheduled")


def _clear_sessions() -> None:
    call_command("clearsessions")


def _prune_tasks() -> None:
    """Forget finished background tasks, failed ones later; other backends than the database keep none."""
    if isinstance(task_backends["default"], DatabaseBackend):
        call_command("prune_db_task_results", min_age_days=2, failed_min_age_days=30, queue_name="*")


jobs.register(
    Job("pages.publish_scheduled", "* * * * *", _publish_scheduled, _("Publish and expire pages on time"))
)
jobs.register(Job("sessions.clear", "20 3 * * *", _clear_sessions, _("Remove expired sessions")))
jobs.register(Job("tasks.prune", "50 3 * * *", _prune_tasks, _("Forget finished background tasks")))
jobs.register(Job("jobs.purge", "40 3 * * *", purge_runs, _("Forget old runs of jobs")))
