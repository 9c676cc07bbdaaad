"""A real gunicorn with two worker processes on the database of the tests: what one does, the other has to see."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from django.db import connection

_ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def two_workers(folder: Path) -> Iterator[SimpleNamespace]:
    """Serve the site until the end of the block; `url` is its address. Needs data that is committed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "tests.workers_wsgi:application", "--chdir", str(_ROOT)]
    command += [
        "--bind",
        f"127.0.0.1:{port}",
        "--worker-class",
        "gthread",
        "--workers",
        "2",
        "--threads",
        "2",
    ]
    command += [
        "--preload",
        "--graceful-timeout",
        "5",
        "--timeout",
        "120",
        "--log-level",
        "warning",
        "--no-control-socket",
    ]
    environment = {
        **os.environ,
        "TESTS_DATABASE": str(connection.settings_dict["NAME"]),
        "TESTS_FILES": str(folder),
        "PYTHONWARNINGS": "ignore",
    }
    process = subprocess.Popen(command, env=environment)
    url = f"http://localhost:{port}"
    try:
        _wait_for(f"{url}/-/alive", process)
        yield SimpleNamespace(url=url)
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "gunicorn has ended"
        try:
            with urllib.request.urlopen(address, timeout=30):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("gunicorn does not answer")
