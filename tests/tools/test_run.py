"""`make run`: the first start prepares everything, the second changes nothing."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from tests.ready import lay_ready
from tools import run

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Office:
    """A running `make run` (without the demo office) with a data folder and port of its own."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        given = {**os.environ, "DATA": str(data), "PORT": str(self.port), "DEMO": "no", "DATABASE_URL": ""}
        self.log = data.with_suffix(".log")
        with self.log.open("w") as out:
            command = [sys.executable, "-m", "tools.run"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=out, stderr=out)

    def get(self, path: str):
        return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10)

    def wait(self) -> None:
        for _ in range(1200):
            assert self.process.poll() is None, self.log.read_text()
            try:
                self.get("/-/ready").close()
            except urllib.error.HTTPError:
                pass
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(self.log.read_text())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def listening(self) -> bool:
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def fingerprint(database: Path) -> str:
    return hashlib.sha256(database.read_bytes()).hexdigest()


def test_first_start_prepares_second_changes_nothing_and_two_run_side_by_side(tmp_path):
    (tmp_path / "two").mkdir()
    lay_ready(tmp_path / "two" / "db.sqlite3")  # to migrate once is proof enough
    first = Office(tmp_path / "one")
    other = Office(tmp_path / "two")
    try:
        first.wait()
        other.wait()
        page = first.get("/admin/login/").read().decode()
        addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
        assert addresses
        for address in addresses:
            assert "immutable" in first.get(address).headers["Cache-Control"]
        assert (tmp_path / "one" / "secret_key").read_text() != (tmp_path / "two" / "secret_key").read_text()
    finally:
        codes = [first.stop(), other.stop()]
    assert codes == [0, 0]
    assert not first.listening()
    assert "Preparing the database" in first.log.read_text()
    before = fingerprint(tmp_path / "one" / "db.sqlite3")

    again = Office(tmp_path / "one")
    try:
        again.wait()
    finally:
        again.stop()
    assert "Preparing the database" not in again.log.read_text()
    assert "Collecting static files" not in again.log.read_text()
    assert fingerprint(tmp_path / "one" / "db.sqlite3") == before


def test_port_in_use_is_told_before_anything_is_done(tmp_path):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {**os.environ, "PORT": str(port), "DATA": str(tmp_path / "var")}
        command = [sys.executable, "-m", "tools.run"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"Port {port} of 127.0.0.1 cannot be used" in done.stderr
    assert f"make run PORT={port + 1}" in done.stderr
    assert not (tmp_path / "var").exists()


def test_work_is_done_again_when_its_fingerprint_or_its_result_is_gone(tmp_path):
    done: list[str] = []
    result = tmp_path / "result"

    def work() -> None:
        done.append("work")
        result.touch()

    run.Stamps(tmp_path).once("static", "a", work, result=result)
    run.Stamps(tmp_path).once("static", "a", work, result=result)
    assert len(done) == 1
    run.Stamps(tmp_path).once("static", "b", work, result=result)
    result.unlink()
    run.Stamps(tmp_path).once("static", "b", work, result=result)
    assert len(done) == 3


def test_failed_work_is_not_taken_for_done(tmp_path):
    def work() -> None:
        raise run.StartError("no room on the disk")

    with pytest.raises(run.StartError):
        run.Stamps(tmp_path).once("static", "a", work, result=tmp_path)
    assert run.Stamps(tmp_path).done == {}


def test_failing_command_is_named():
    with pytest.raises(run.StartError, match=r"manage\.py no_such_command"):
        run.manage("no_such_command")
