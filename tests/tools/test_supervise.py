"""Processes under one parent: started again after a crash, ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tools.supervise import Service, Supervisor

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent


def script(body: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(body)]


def until(condition, what: str) -> None:
    for _ in range(200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"never: {what}")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


PARENT = """
import sys
from tools.supervise import Service, Supervisor

folder = sys.argv[1]
child = [sys.executable, folder + "/child.py", folder]
sys.exit(Supervisor([Service(name, [*child, name]) for name in ("stay", "crash")]).run())
"""
CHILD = """
import os, pathlib, sys, time

file = pathlib.Path(sys.argv[1], sys.argv[2])
first = not file.exists()
with file.open("a") as out:
    print(os.getpid(), file=out)
if first and file.name == "crash":
    sys.exit(3)
time.sleep(60)
"""


@pytest.fixture
def parent(tmp_path):
    """A supervisor of two processes that write down their ids; the second crashes once."""
    (tmp_path / "child.py").write_text(CHILD)
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    yield process, tmp_path
    process.kill()
    process.wait()


def ids(path: Path) -> list[int]:
    return [int(word) for word in path.read_text().split()] if path.exists() else []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_processes_end_with_their_parent(parent, number):
    process, folder = parent
    until(lambda: len(ids(folder / "stay")) == 1 and len(ids(folder / "crash")) == 2, "both are running")
    process.send_signal(number)
    assert process.wait(10) == 0
    assert [pid for pid in ids(folder / "stay") + ids(folder / "crash") if alive(pid)] == []


def test_crashed_process_is_started_again(parent):
    process, folder = parent
    until(lambda: len(ids(folder / "crash")) == 2, "the crashed one is started again")
    assert len(ids(folder / "stay")) == 1
    process.terminate()
    assert "crash ended with exit code 3; starting again in 1 s" in process.communicate()[0]


def test_children_end_when_the_parent_is_killed(parent):
    process, folder = parent
    until(lambda: len(ids(folder / "stay")) == 1, "it is running")
    process.kill()
    until(lambda: not alive(ids(folder / "stay")[0]), "the child ends too")


def test_vital_process_that_never_starts_ends_everything(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(Supervisor, "patience", 2)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    services = [Service("web", script("raise SystemExit(7)"), vital=True), Service("stay", ["sleep", "60"])]
    try:
        assert Supervisor(services).run() == 1
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert "web does not start (exit code 7); giving up." in capfd.readouterr().out
    assert services[1].process is not None
    assert services[1].process.poll() is not None
