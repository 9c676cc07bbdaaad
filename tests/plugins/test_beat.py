"""Scheduled jobs run once at each due moment, and none stops the others."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from home.notifications.tasks import deliver
from plugins.api.api import Job, Registry, beat_is_alive
from plugins.api.api import jobs as all_jobs
from plugins.api.beat import Beat
from plugins.api.job_models import JobRun, Pulse
from plugins.api.jobs import purge_runs

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # 12:00 at the office


@pytest.fixture
def jobs(monkeypatch):
    """A registry of this test's own, in place of the one of the house."""
    registry = Registry(Job, noun="job")
    for module in ("beat", "jobs"):
        monkeypatch.setattr(f"plugins.api.{module}.jobs", registry)
    return registry


def counter(jobs, code="test.count", schedule="* * * * *"):
    calls = []
    jobs.register(Job(code, schedule, lambda: calls.append(code)))
    return calls


def test_a_job_runs_at_its_due_moment_and_not_before(jobs):
    calls = counter(jobs, schedule="30 12 * * *")
    beat = Beat(now=NOON)
    beat.tick(NOON + timedelta(minutes=29, seconds=59))
    assert calls == []
    beat.tick(NOON + timedelta(minutes=30))
    beat.tick(NOON + timedelta(minutes=30, seconds=1))
    assert calls == ["test.count"]
    run = JobRun.objects.get()
    assert run.due_at == NOON + timedelta(minutes=30)
    assert (run.state, run.error) == ("done", "")


def test_schedules_follow_the_clock_of_the_office():
    job = Job("test.night", "20 3 * * *", lambda: None)
    assert job.last_due(NOON) == datetime(2026, 11, 22, 20, 20, tzinfo=UTC)


def test_two_beats_run_a_due_moment_once(jobs):
    calls = counter(jobs)
    one, two = Beat(now=NOON), Beat(now=NOON)
    for second in (60, 61, 120):
        one.tick(NOON + timedelta(seconds=second))
        two.tick(NOON + timedelta(seconds=second))
    assert len(calls) == 2
    assert JobRun.objects.count() == 2


def test_what_was_missed_is_made_up_for_once(jobs):
    calls = counter(jobs)
    JobRun.objects.create(code="test.count", due_at=NOON)
    beat = Beat(now=NOON + timedelta(hours=2))
    beat.tick(NOON + timedelta(hours=2, seconds=5))
    beat.tick(NOON + timedelta(hours=2, seconds=6))
    assert len(calls) == 1
    assert JobRun.objects.latest("due_at").due_at == NOON + timedelta(hours=2)


def test_a_job_that_never_ran_waits_for_its_moment_unless_asked(jobs):
    calls = counter(jobs, schedule="0 3 * * *")
    Beat(now=NOON).tick(NOON)
    assert calls == []
    Beat(now=NOON, catch_up=True).tick(NOON)
    assert len(calls) == 1


def test_a_failing_job_is_kept_with_its_error_and_stops_nothing(jobs):
    def explode():
        raise RuntimeError("mất kết nối")

    jobs.register(Job("test.explode", "* * * * *", explode))
    calls = counter(jobs)
    Beat(now=NOON).tick(NOON + timedelta(minutes=1))
    assert calls == ["test.count"]
    failed = JobRun.objects.get(code="test.explode")
    assert failed.state == "failed"
    assert "mất kết nối" in failed.error
    assert failed.finished_at


def test_a_run_that_is_still_going_on_is_not_started_again(jobs):
    counter(jobs)
    held = []
    beat = Beat(start=held.append, now=NOON)
    assert beat.tick(NOON + timedelta(minutes=1)) == 1
    assert beat.tick(NOON + timedelta(minutes=2)) == 0
    held.pop()()
    assert beat.tick(NOON + timedelta(minutes=2, seconds=1)) == 1


def test_a_wrong_schedule_is_refused_by_name():
    with pytest.raises(ValueError, match=r"test\.wrong"):
        Job("test.wrong", "61 * * * *", lambda: None)


def test_the_pulse_tells_whether_a_beat_is_alive(jobs):
    assert not beat_is_alive()
    Beat().tick()
    assert beat_is_alive()
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert not beat_is_alive()


def test_idle_ticks_leave_the_database_alone(jobs, django_assert_num_queries):
    counter(jobs, schedule="0 3 * * *")
    beat = Beat(now=NOON)
    beat.tick(NOON)
    with django_assert_num_queries(0):
        beat.tick(NOON + timedelta(seconds=1))


def test_old_runs_are_forgotten_failed_ones_later():
    now = timezone.now()
    for days, state in [(1, "done"), (3, "done"), (3, "failed"), (40, "failed")]:
        JobRun.objects.create(code=f"test.{state}{days}", due_at=now - timedelta(days=days), state=state)
    assert purge_runs() == 2
    assert set(JobRun.objects.values_list("code", flat=True)) == {"test.done1", "test.failed3"}


def test_finished_background_tasks_are_forgotten(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    old = timezone.now() - timedelta(days=5)
    for status, finished_at in [("SUCCESSFUL", old), ("FAILED", old), ("SUCCESSFUL", timezone.now())]:
        task = deliver.enqueue()
        DBTaskResult.objects.filter(pk=task.id).update(status=status, finished_at=finished_at)
    all_jobs.get("tasks.prune").run()
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "SUCCESSFUL"]


def test_once_runs_the_jobs_of_the_house(capsys):
    call_command("beat", "--once")
    assert "job(s) run" in capsys.readouterr().out
    assert not JobRun.objects.exclude(state="done").exists()
    assert JobRun.objects.filter(code="pages.publish_scheduled").exists()
    assert JobRun.objects.filter(code="notifications.deliver").exists()


@pytest.mark.django_db(transaction=True)
def test_eight_beats_at_the_same_moment_run_a_job_once(jobs):
    calls = counter(jobs)
    gate = threading.Barrier(8)

    def run():
        beat = Beat(now=NOON)
        gate.wait()
        try:
            beat.tick(NOON + timedelta(minutes=1))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1
    assert JobRun.objects.get().state == "done"


@pytest.mark.django_db(transaction=True)
def test_the_beat_stops_when_it_is_asked_to():
    beat = subprocess.Popen(
        [sys.executable, "manage.py", "beat"],
        env={**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "settings.test"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        for _wait in range(300):
            if Pulse.objects.exists():
                break
            time.sleep(0.1)
        assert Pulse.objects.exists(), "no pulse"
        beat.send_signal(signal.SIGTERM)
        assert beat.wait(30) == 0, beat.stdout.read().decode()
    finally:
        beat.kill()
        beat.wait()
        beat.stdout.close()


def database_url():
    held = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{held['NAME']}"
    account = f"{held['USER']}:{quote(held['PASSWORD'], safe='')}@" if held["USER"] else ""
    folder = held["HOST"] or held["OPTIONS"].get("host", "")
    if folder.startswith("/"):
        return f"postgres://{account}/{held['NAME']}?host={quote(folder, safe='')}"
    return f"postgres://{account}{folder}{':' + str(held['PORT']) if held['PORT'] else ''}/{held['NAME']}"
