"""Deadlines are counted in the office's time zone, whatever the server, the database session or the reader use."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from home.worktime import api

from .office import at

ROOT = Path(__file__).resolve().parents[3]
SERVERS = ["America/New_York", "UTC", "Pacific/Auckland", "Europe/Berlin", "Australia/Lord_Howe"]

#: Runs without Django, so that nothing but TZ sets the time zone of the process. Dates lie around changes of the clock.
PURE = """
import json, time
from datetime import datetime, timedelta
from tests.home.worktime.office import OFFICE, at
from home.worktime.arithmetic import add_working_days, add_working_time, shift_due, working_time_between
from home.worktime.explanation import explain_due
from home.worktime.notice import after_due, before_due

found = [time.tzname]
for month, day in [(3, 6), (3, 27), (4, 3), (9, 25), (10, 2), (10, 23), (10, 30), (11, 2)]:
    start = at(2026, month, day, 16)
    # A moment made from the clock of the server, as a program does that knows no better.
    start = datetime.fromtimestamp(start.timestamp()).astimezone()
    pause = (start + timedelta(hours=60), start + timedelta(hours=90))
    due = add_working_days(OFFICE, start, 3)
    found.append([
        due.isoformat(),
        add_working_time(OFFICE, start, timedelta(hours=12)).isoformat(),
        shift_due(OFFICE, due, [pause]).isoformat(),
        working_time_between(OFFICE, *pause).total_seconds(),
        before_due(OFFICE, due, days=1, hours=1).isoformat(),
        after_due(OFFICE, due, days=1, hours=1).isoformat(),
        [[str(part) for part in line] for line in explain_due(OFFICE, start, 3, pauses=[pause])],
    ])
print(json.dumps(found))
"""


def run(code, zone):
    environment = {
        **os.environ,
        "TZ": zone,
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "settings.test",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def at_home():
    return run(PURE, "Asia/Ho_Chi_Minh")


@pytest.mark.once
@pytest.mark.parametrize("server", SERVERS)
def test_a_server_elsewhere_counts_the_same(server, at_home):
    names, *results = run(PURE, server)
    home, *expected = at_home
    assert names != home  # the process did run elsewhere
    assert results == expected
    assert len(results) == 8


@pytest.mark.once
@pytest.mark.parametrize("server", SERVERS)
def test_the_site_takes_the_offices_zone_whatever_the_server_says(server):
    code = (
        "import django, json, time; django.setup();"
        "from django.conf import settings; from django.utils import timezone;"
        "print(json.dumps([settings.TIME_ZONE, settings.USE_TZ, timezone.localtime().utcoffset().total_seconds(),"
        " time.strftime('%z')]))"
    )
    assert run(code, server) == ["Asia/Ho_Chi_Minh", True, 7 * 3600, "+0700"]


@pytest.fixture(params=SERVERS)
def server(request, monkeypatch):
    """Move this very process."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.django_db
def test_the_stored_calendar_counts_the_same_in_a_process_that_was_moved(server):
    assert time.strftime("%z") != "+0700"
    with timezone.override(ZoneInfo(server)):  # what a reader elsewhere looks through
        due = api.add_working_days(at(2026, 11, 23), 1)
        assert due == at(2026, 11, 25, 17)
        assert due.isoformat() == "2026-11-25T17:00:00+07:00"
        assert [line.day.day for line in api.explain_due(at(2026, 11, 23), 1)] == [23, 24, 25]
        assert api.shift_due(due, [(at(2026, 11, 24, 0), at(2026, 11, 25, 9))]) == at(2026, 11, 26, 9)
