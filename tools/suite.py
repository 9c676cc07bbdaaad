"""`make test`: the whole suite on SQLite, then on a real PostgreSQL, with the stories in a browser on both.

The migrations are applied once to each, both at the same time; the processes of the suite copy what that gives.

Not repeated are tests marked `once`, which prove nothing about a database, and browser tests: of those only the
stories (`story`) see both. Tests of screens (`screen`) are repeated with `--all` only: `make test-all`.

Words after `--` go to pytest: `python -m tools.suite -- tests/home -k inbox`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from tools import postgres, ready
from tools.chromium import find_browser

ROOT = Path(__file__).resolve().parent.parent
BANNER = "!" * 78


def in_ci() -> bool:
    """Say whether nobody watches: then what cannot be tested is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def pytest(name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run pytest once with a data folder of its own; print what ran and return its exit code."""
    print(f"\n==> Tests on {name}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="congso-test-") as data:
        command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadscope", "--no-loadscope-reorder"]
        given = {**os.environ, **environment, "DATA": data, "DJANGO_SETTINGS_MODULE": "settings.test"}
        code = subprocess.run([*command, *arguments], check=False, cwd=ROOT, env=given).returncode  # noqa: S603
    print(f"==> {name}: exit code {code} after {time.monotonic() - started:.0f} s", flush=True)
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suite on every database asked for; return 0 only when everything ran and passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--all", action="store_true", help="repeat the tests of screens, too")
    parser.add_argument("rest", nargs="*")
    options = parser.parse_args(arguments)
    browser = find_browser()
    if browser is None:
        print(f"{BANNER}\nNo Chromium on this machine: the browser tests will NOT run.\n{BANNER}", flush=True)
    again = ["not once", "(not browser or story)", *([] if options.all else ["not screen"])]
    codes = on_databases(options.only, list(options.rest), browser, again)
    if browser is None:
        print(f"\n{BANNER}\nThe browser tests did NOT run (Debian: apt-get install chromium).\n{BANNER}")
        codes["browser"] = int(in_ci())
    failed = [name for name, code in codes.items() if code]
    print(f"\n==> {'FAILED: ' + ', '.join(failed) if failed else 'All tests passed'}", flush=True)
    return int(bool(failed))


def on_databases(
    only: str | None, rest: Sequence[str], browser: str | None, again: Sequence[str]
) -> dict[str, int]:
    """Run the suite on each database, or only on the one named; return the exit codes.

    `again` are the marks of what runs on the second one, after the first.
    """
    environment = {"CHROMIUM": browser} if browser else {}
    marks = [] if browser else ["not browser"]
    codes: dict[str, int] = {}
    with ExitStack() as stack:
        url = None if only == "sqlite" else _server(stack)
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="congso-ready-")))
        if not _prepared(data, url, only):
            return {"migrations": 1}
        if only != "postgresql":
            here = {**environment, "DATABASE_URL": "", "READY_DATABASE": str(data / ready.FILE)}
            codes["SQLite"] = pytest("SQLite", [*rest, *_only(marks)], here)
            marks += again
        if only != "sqlite":
            there = {**environment, "DATABASE_URL": url or "", "READY_DATABASE": postgres.NAME}
            codes["PostgreSQL"] = pytest("PostgreSQL", [*rest, *_only(marks)], there) if url else 1
    return codes


def _server(stack: ExitStack) -> str | None:
    """Start a PostgreSQL server for the suite and return its address; None, and loud, where none can be had."""
    try:
        return stack.enter_context(postgres.temporary_server())
    except postgres.NoPostgresError as error:
        print(f"{BANNER}\nThe tests on PostgreSQL will NOT run: {error}\n{BANNER}", file=sys.stderr)
        return None


def _prepared(data: Path, url: str | None, only: str | None) -> bool:
    """Apply the migrations to the databases that the tests will use; say whether that went well."""
    print("\n==> Preparing the databases", flush=True)
    try:
        ready.make(data, [*([] if only == "postgresql" else [""]), *([url] if url else [])])
    except ready.NotReadyError as error:
        print(f"{BANNER}\n{error}\n{BANNER}", file=sys.stderr)
        return False
    return True


def _only(marks: Sequence[str]) -> list[str]:
    """Return the words that choose the tests with all of these marks."""
    return ["-m", " and ".join(marks)] if marks else []


if __name__ == "__main__":
    sys.exit(main())
