"""Databases as the migrations leave them, made once for a run of the suite: every process of it starts with a copy.

Migrating takes half a minute of computing, nearly all of it spent on drawing the models of 300 migrations in Python.
Both databases are prepared at the same time, each in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: The file in a data folder that `settings.test` uses.
FILE = "test.sqlite3"


class NotReadyError(RuntimeError):
    """The migrations could not be applied; what they said stands above."""


def make(data: Path, urls: Sequence[str]) -> None:
    """Apply all migrations to each database: of a DATABASE_URL, or, where that is empty, to `FILE` below `data`."""
    given = {**os.environ, "DATA": str(data), "DJANGO_SETTINGS_MODULE": "settings.test"}
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--noinput", "--verbosity=0"]
    working = [
        subprocess.Popen(command, cwd=ROOT, env={**given, "DATABASE_URL": url})  # noqa: S603
        for url in urls
    ]
    codes = [process.wait() for process in working]
    if any(codes):
        raise NotReadyError("The migrations failed; their message stands above.")
