"""`make test`: the whole suite on SQLite, then on a real PostgreSQL, with the stories in a browser on both.

Not repeated are tests marked `once` (of make, the image, the production settings), which start processes of their own
and never see the database of the suite, and browser tests: of those only the stories (`story`) see both databases.

Words after `--` go to pytest: `python -m tools.suite -- tests/home -k inbox`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tools import postgres
from tools.chromium import find_browser

ROOT = Path(__file__).resolve().parent.parent
BANNER = "!" * 78


def in_ci() -> bool:
    """Say whether nobody watches: then what cannot be tested is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def pytest(name: str, arguments: Sequence[str], environment: dict[str, str]) -> int:
    """Run pytest once with a data folder of its own; print what ran and return its exit code."""
    print(f"\n==> Tests on {name}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="congso-test-") as data:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "--create-db",
            "-n",
            "2",
            "--dist",
            "loadscope",
            "--no-loadscope-reorder",
            *arguments,
        ]
        given = {**os.environ, **environment, "DATA": data, "DJANGO_SETTINGS_MODULE": "settings.test"}
        code = subprocess.run(command, check=False, cwd=ROOT, env=given).returncode  # noqa: S603
    print(f"==> {name}: exit code {code} after {time.monotonic() - started:.0f} s", flush=True)
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suite on every database asked for; return 0 only when everything ran and passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("rest", nargs="*")
    options = parser.parse_args(arguments)
    rest, codes = list(options.rest), {}
    browser = find_browser()
    if browser is None:
        print(f"{BANNER}\nNo Chromium on this machine: the browser tests will NOT run.\n{BANNER}", flush=True)
    environment = {"CHROMIUM": browser} if browser else {}
    marks = [] if browser else ["not browser"]
    if options.only != "postgresql":
        codes["SQLite"] = pytest("SQLite", [*rest, *_only(marks)], {**environment, "DATABASE_URL": ""})
        marks = [*marks, "not once", "(not browser or story)"]
    if options.only != "sqlite":
        codes["PostgreSQL"] = on_postgresql([*rest, *_only(marks)], environment)
    if browser is None:
        print(f"\n{BANNER}\nThe browser tests did NOT run (Debian: apt-get install chromium).\n{BANNER}")
        codes["browser"] = int(in_ci())
    failed = [name for name, code in codes.items() if code]
    print(f"\n==> {'FAILED: ' + ', '.join(failed) if failed else 'All tests passed'}", flush=True)
    return int(bool(failed))


def _only(marks: Sequence[str]) -> list[str]:
    """Return the words that choose the tests with all of these marks."""
    return ["-m", " and ".join(marks)] if marks else []


def on_postgresql(rest: Sequence[str], environment: dict[str, str]) -> int:
    """Run the suite on a PostgreSQL server started for it; a server that cannot be had is a failure."""
    try:
        with postgres.temporary_server() as url:
            return pytest("PostgreSQL", rest, {**environment, "DATABASE_URL": url})
    except postgres.NoPostgresError as error:
        print(f"{BANNER}\nThe tests on PostgreSQL did NOT run: {error}\n{BANNER}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
