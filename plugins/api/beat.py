"""The clock of the house: finds jobs that are due and runs each due moment once."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event, Lock

from django.db import close_old_connections, connections
from django.db.models import Max
from django.utils import timezone

from .job_models import JobRun, Pulse
from .jobs import PULSE, Job, jobs

logger = logging.getLogger(__name__)

PULSE_EVERY = timedelta(seconds=10)
WORKERS = 4
#: How much of a traceback a run keeps.
ERROR_LENGTH = 4000

Starter = Callable[[Callable[[], None]], object]


class Beat:
    """One running clock. `start` gets each due run: it may call it at once, or hand it to a thread.

    With `catch_up`, a job that never ran counts as missed; otherwise it waits for its next due moment.
    """

    def __init__(
        self, *, start: Starter | None = None, now: datetime | None = None, catch_up: bool = False
    ) -> None:
        self._start = start or (lambda run: run())
        self._begun_at = datetime.min.replace(tzinfo=UTC) if catch_up else now or timezone.now()
        self._seen: dict[str, datetime] | None = None
        self._running: set[str] = set()
        self._lock = Lock()
        self._pulse_at: datetime | None = None

    def tick(self, now: datetime | None = None) -> int:
        """Start every job that has become due and is not yet started by anyone; return how many.

        What was missed while no beat ran is made up for once, at its latest due moment.
        """
        now = now or timezone.now()
        self._show_pulse(now)
        if self._seen is None:
            rows = JobRun.objects.order_by().values_list("code").annotate(Max("due_at"))
            self._seen = dict(rows)
        started = 0
        for job in jobs:
            due = job.last_due(now)
            if due > self._seen.get(job.code, self._begun_at) and self._reserve(job):
                started += self._claim_and_start(job, due)
        return started

    def _claim_and_start(self, job: Job, due: datetime) -> bool:
        try:
            run, created = JobRun.objects.get_or_create(code=job.code, due_at=due)
        except BaseException:
            self._free(job)
            raise
        assert self._seen is not None  # noqa: S101
        self._seen[job.code] = due
        if not created:
            self._free(job)
            return False
        self._start(lambda: self._run(job, run))
        return True

    def _run(self, job: Job, run: JobRun) -> None:
        try:
            execute(job, run)
        finally:
            self._free(job)

    def _reserve(self, job: Job) -> bool:
        """Return whether no earlier run of this job is still going on here."""
        with self._lock:
            if job.code in self._running:
                return False
            self._running.add(job.code)
            return True

    def _free(self, job: Job) -> None:
        with self._lock:
            self._running.discard(job.code)

    def _show_pulse(self, now: datetime) -> None:
        if self._pulse_at is None or now - self._pulse_at >= PULSE_EVERY:
            Pulse.objects.update_or_create(code=PULSE, defaults={"at": now})
            self._pulse_at = now


def execute(job: Job, run: JobRun) -> None:
    """Run a job and keep what became of it. Never raises for the job's own failure."""
    try:
        job.run()
    except Exception:
        logger.exception("The job %s failed", job.code)
        run.state, run.error = JobRun.State.FAILED, traceback.format_exc()[-ERROR_LENGTH:]
    else:
        run.state, run.error = JobRun.State.DONE, ""
    run.finished_at = timezone.now()
    run.save(update_fields=["state", "error", "finished_at"])


def run_forever(stop: Event) -> None:
    """Tick each second until `stop` is set, then wait for the jobs that are running."""
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="job") as pool:
        beat = Beat(start=lambda run: pool.submit(_in_thread, run))
        while not stop.is_set():
            try:
                beat.tick()
            except Exception:
                logger.exception("The beat missed a tick")
            close_old_connections()
            stop.wait(1)


def _in_thread(run: Callable[[], None]) -> None:
    try:
        run()
    except Exception:
        logger.exception("A run of a job could not be noted")
    finally:
        connections.close_all()
