"""Another process on the database of the tests: what it changes reaches this one through the database alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from textwrap import dedent

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
