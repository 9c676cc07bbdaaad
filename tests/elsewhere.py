"""Another process on the database of the tests: what it changes reaches this one through the database alone."""

from __future__ import annotations

import os
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
    command = [sys.executable, "-c", _START + dedent(code), str(connection.settings_dict["NAME"])]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout
