"""Another process on the database of the tests: what it changes reaches this one through the database alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from textwrap import dedent
from typing import Any

from django.db import connection

_START = """
import sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
"""


def elsewhere(code: str) -> str:
    """Run Python code in a process of its own and return what it printed. Needs a test that commits."""
    done = _run(code)
    assert done.returncode == 0, done.stderr
    return done.stdout


def killed_elsewhere(code: str) -> str:
    """Run code that kills its own process by `die()` (SIGKILL: no clean-up of any kind); return what it printed."""
    done = _run(
        "import os, signal\ndie = lambda *_a, **_k: os.kill(os.getpid(), signal.SIGKILL)\n" + dedent(code)
    )
    assert done.returncode == -signal.SIGKILL, (done.returncode, done.stderr)
    return done.stdout


def _run(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _START + dedent(code), str(connection.settings_dict["NAME"])]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


_BROWSER = """
import json
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["*"]
people = {}
for line in sys.stdin:
    user_id, path = line.split()
    if user_id not in people:
        from home.people.api import User
        people[user_id] = Client()
        people[user_id].force_login(User.objects.get(pk=user_id))
    answer = people[user_id].get(path)
    print(json.dumps([answer.status_code, answer.content.decode()]), flush=True)
"""


@contextmanager
def browsing_elsewhere() -> Iterator[Callable[[Any, str], tuple[int, str]]]:
    """Give `get(person, path)` of a process that goes on living between the requests: status and text."""
    command = [sys.executable, "-c", _START + _BROWSER, str(connection.settings_dict["NAME"])]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:

        def get(person: Any, path: str) -> tuple[int, str]:
            print(person.pk, path, file=process.stdin, flush=True)
            status, text = json.loads(process.stdout.readline())
            return status, text

        yield get
        process.stdin.close()
