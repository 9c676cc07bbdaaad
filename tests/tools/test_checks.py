"""The runner of the suite, the throw-away server, and the search for strangers in the tree."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest
from environ import Env

from tools import check, postgres, ready, suite

pytestmark = pytest.mark.once


def test_temporary_server_answers_and_leaves_nothing_behind():
    with postgres.temporary_server() as url:
        options = Env.db_url_config(url)
        folder = Path(options["OPTIONS"]["host"])
        with psycopg.connect(host=str(folder), user=options["USER"], dbname=options["NAME"]) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("off",)
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert not folder.exists()


def test_wheel_brings_a_server_where_none_is_installed():
    assert all(path.exists() for path in postgres._of_wheel())
    assert postgres._of_wheel()


def test_root_hands_the_server_to_somebody_else(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert postgres.unprivileged_user() is None
    assert postgres.command_as(None, ["initdb"]) == ["initdb"]
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert postgres.unprivileged_user() in {"postgres", "nobody"}
    assert postgres.command_as("nobody", ["initdb"])[-1] == "initdb"


@pytest.fixture
def runs(monkeypatch):
    """Return what would have been run; nothing is, and there are a browser and a server."""
    found = []
    monkeypatch.setattr(suite, "find_browser", lambda: "chromium")
    monkeypatch.setattr(suite, "_server", lambda stack: "postgres://here")
    monkeypatch.setattr(ready, "make", lambda data, urls: found.append(("ready", urls)))
    monkeypatch.setattr(suite, "pytest", lambda *words: found.append(words) or 0)
    return found


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_missing_browser_is_loud_and_fails_only_where_nobody_watches(monkeypatch, capsys, runs, ci, code):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(suite, "find_browser", lambda: None)
    assert suite.main([]) == code
    assert "The browser tests did NOT run" in capsys.readouterr().out
    assert [name for name, *_ in runs] == ["ready", "SQLite", "PostgreSQL"]
    assert all("not browser" in str(call) for call in runs[1:])


def test_each_database_is_prepared_and_what_sees_none_runs_once(runs):
    assert suite.main([]) == 0
    assert runs[0] == ("ready", ["", "postgres://here"])
    assert "not once" not in str(runs[1])
    assert "not once" in str(runs[2])
    assert "not screen" in str(runs[2])
    runs.clear()
    assert suite.main(["--all"]) == 0
    assert "not screen" not in str(runs)
    assert "not once" in str(runs[2])
    runs.clear()
    assert suite.main(["--only", "postgresql", "--", "-k", "inbox"]) == 0
    assert runs[0] == ("ready", ["postgres://here"])
    assert runs[1][1] == ["-k", "inbox"]


@pytest.mark.parametrize("broken", ["SQLite", "PostgreSQL"])
def test_one_failing_database_fails_the_suite(monkeypatch, runs, broken):
    monkeypatch.setattr(suite, "pytest", lambda *words: int(words[0] == broken))
    assert suite.main([]) == 1


def test_missing_server_is_a_failure_and_the_other_database_is_tested(monkeypatch, runs):
    monkeypatch.undo()

    def none_here():
        raise postgres.NoPostgresError("nothing installed")

    monkeypatch.setattr(suite, "find_browser", lambda: "chromium")
    monkeypatch.setattr(ready, "make", lambda data, urls: runs.append(("ready", urls)))
    monkeypatch.setattr(suite, "pytest", lambda *words: runs.append(words) or 0)
    monkeypatch.setattr(postgres, "binaries", none_here)
    assert suite.main([]) == 1
    assert [name for name, *_ in runs] == ["ready", "SQLite"]


def test_broken_migrations_fail_the_suite_before_it_begins(monkeypatch, runs, tmp_path):
    def broken(data, urls):
        raise ready.NotReadyError("no such column")

    monkeypatch.setattr(ready, "make", broken)
    assert suite.main([]) == 1
    assert runs == []
    monkeypatch.undo()
    monkeypatch.setattr(ready, "ROOT", tmp_path)  # no manage.py there
    with pytest.raises(ready.NotReadyError):
        ready.make(tmp_path, [""])


def test_registry_hosts_and_desks_are_found():
    registry, desk = "https://files.python" + "hosted.org/x", "/ho" + "me/lan/congso/"
    files = iter(
        [("a.txt", f"ok\n{registry}"), ("b.py", f"P = '{desk}'"), ("c.py", "from home.people import x")]
    )
    assert [line.split(":")[0] for line in check.strangers(files)] == ["a.txt", "b.py"]


def test_every_check_fails_the_command(monkeypatch, capsys):
    monkeypatch.setattr(check, "CHECKS", {"fine": lambda: 0, "broken": lambda: 1, "after": lambda: 0})
    assert check.main() == 1
    out = capsys.readouterr().out
    assert "FAILED: broken" in out
    assert "==> after" in out
