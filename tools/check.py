"""`make check`: every check that needs no running site. All of them run; any finding fails the command."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tools import messages

ROOT = Path(__file__).resolve().parent.parent
TYPED = ["home", "workflows", "plugins", "settings", "tools", "bench"]
BIN = Path(sys.executable).parent

# Written so that this file does not match itself. Package registries and folders of somebody's machine
# have no place in the project: they tie it to one network and one desk.
REGISTRY = re.compile(
    r"\b(?:[\w-]+\.)*(?:py[p]i|python[h]osted|npm[j]s|yarn[p]kg|deb[i]an)\.(?:org|com)\b", re.IGNORECASE
)
MACHINE = re.compile(r"(?<![\w.])/(?:ho[m]e|Us[e]rs)/[a-z][\w-]*/|(?<![\w./])/ro[o]t/")


def production_environment(data: str) -> dict[str, str]:
    """Return the smallest environment that the production settings accept."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "settings.production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "office.example",
        "BASE_URL": "https://office.example",
        "DATABASE_URL": "postgres://congso@127.0.0.1/congso",
        "DATA": data,
    }


def command(*words: str, environment: dict[str, str] | None = None) -> int:
    """Run a program of the environment; return its exit code."""
    path = BIN / words[0]
    program = [str(path)] if path.exists() else [words[0]]
    return subprocess.run([*program, *words[1:]], check=False, cwd=ROOT, env=environment).returncode  # noqa: S603


def manage(*words: str, environment: dict[str, str] | None = None) -> int:
    """Run a management command with the test settings, unless others are given."""
    with tempfile.TemporaryDirectory(prefix="congso-check-") as data:
        given = environment or {**os.environ, "DJANGO_SETTINGS_MODULE": "settings.test", "DATA": data}
        return command("python", "manage.py", *words, environment=given)


def deploy_check() -> int:
    """Run Django's check for deployment on the production settings: no warning may remain."""
    with tempfile.TemporaryDirectory(prefix="congso-check-") as data:
        environment = production_environment(data)
        return manage("check", "--deploy", "--fail-level", "WARNING", environment=environment)


def tree() -> int:
    """Look for registry hosts and folders of somebody's machine in what is committed."""
    found = list(strangers(committed()))
    for line in found:
        print(line)
    return int(bool(found))


def committed() -> Iterator[tuple[str, str]]:
    """Yield name and text of every text file that Git knows or would take up."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, check=True, cwd=ROOT, capture_output=True, text=True).stdout  # noqa: S603
    for name in names.splitlines():
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue


def strangers(files: Iterator[tuple[str, str]]) -> Iterator[str]:
    """Yield one line for each registry host or machine folder in the files."""
    for name, text in files:
        for number, line in enumerate(text.splitlines(), 1):
            for pattern in (REGISTRY, MACHINE):
                match = pattern.search(line)
                if match:
                    yield f"{name}:{number}: {match.group()}"


def python_files() -> list[str]:
    """Return the folders and files that hold Python."""
    return [*(name for name in [*TYPED, "tests"] if (ROOT / name).exists()), "manage.py"]


CHECKS: dict[str, Callable[[], int]] = {
    "style and security (ruff)": lambda: command("ruff", "check", *python_files()),
    "format (ruff)": lambda: command("ruff", "format", "--check", *python_files()),
    "types (mypy)": lambda: command("mypy", *(name for name in TYPED if (ROOT / name).exists())),
    "doors (import-linter)": lambda: command("lint-imports"),
    "system check": lambda: manage("check"),
    "system check for deployment": deploy_check,
    "migrations complete": lambda: manage("makemigrations", "--check", "--dry-run"),
    "templates (djlint)": lambda: command("djlint", "site/templates", "--check", "--lint", "--quiet"),
    "translations": messages.check,
    "no registry hosts, no machine paths": tree,
}


def main() -> int:
    """Run every check; return 0 only when all are clean."""
    failed = []
    for name, work in CHECKS.items():
        print(f"\n==> {name}", flush=True)
        if work():
            failed.append(name)
    print(f"\n==> {'FAILED: ' + '; '.join(failed) if failed else 'All checks passed'}", flush=True)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
