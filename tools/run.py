"""`make run`: bring the data folder up to date, then serve the site and work in the background.

Everything that can be skipped is skipped by a fingerprint kept in the data folder, so that a second start
takes seconds and changes no data.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from tools import messages
from tools.supervise import Service, Supervisor

ROOT = Path(__file__).resolve().parent.parent
CODE = ("home", "workflows", "plugins")


class StartError(RuntimeError):
    """The site cannot be started; the message says why and what to do."""


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(f"==> {text}", flush=True)


# --- what has changed since the last start -----------------------------------------------------------------


class Stamps:
    """Fingerprints of the work done last time, kept in `DATA/stamps.json`."""

    def __init__(self, data: Path) -> None:
        self.path = data / "stamps.json"
        try:
            self.done: dict[str, str] = json.loads(self.path.read_text())
        except (FileNotFoundError, ValueError):
            self.done = {}

    def once(self, name: str, fingerprint: str, work: Callable[[], None], *, result: Path) -> None:
        """Do the work unless its result exists and it was made with the same fingerprint."""
        if result.exists() and self.done.get(name) == fingerprint:
            return
        work()
        self.done[name] = fingerprint
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(self.done, indent=1))
        draft.replace(self.path)


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """Return a hash of names, sizes and times of files: cheap, and changes whenever a file does."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        found = path.stat()
        digest.update(f"{path.relative_to(ROOT)}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def code_files(pattern: str) -> Iterator[Path]:
    """Yield the files of the product's own rooms that match a glob pattern."""
    for room in CODE:
        yield from (path for path in (ROOT / room).glob(pattern) if path.is_file())


def installed() -> str:
    """Return what is installed in this environment, as one string (plugins come this way too)."""
    folders = [Path(entry) for entry in sys.path if entry.endswith("site-packages")]
    return ",".join(sorted(path.name for folder in folders for path in folder.glob("*.dist-info")))


def has_command(name: str) -> bool:
    """Say whether one of our apps brings the management command `name`."""
    return any(code_files(f"**/management/commands/{name}.py"))


# --- bring the data folder up to date ----------------------------------------------------------------------


def manage(*arguments: str) -> None:
    """Run one management command with its output shown; raise StartError when it fails."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    if subprocess.run(command, check=False, cwd=ROOT).returncode:  # noqa: S603
        raise StartError(f"`manage.py {' '.join(arguments)}` failed; its message stands above.")


def collect_static() -> None:
    """Collect the static files under hashed names."""
    say("Collecting static files")
    manage("collectstatic", "--noinput", "--clear", "--verbosity=0")


def migrate() -> None:
    """Bring the database to the newest structure."""
    say("Preparing the database")
    manage("migrate", "--noinput", "--verbosity=1")


def load_demo(data: Path) -> None:
    """Fill a new data folder with the demo office; keep who can log in, to tell it at every start."""
    say("Loading the demo office (once)")
    command = [sys.executable, str(ROOT / "manage.py"), "load_demo"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        lines = []
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    if process.returncode:
        raise StartError(
            "The demo office could not be loaded; the reason stands above. `DEMO=no` leaves it out."
        )
    logins = data / "demo-logins.txt"
    logins.touch(mode=0o600)
    logins.write_text("".join(notes(lines)))


def notes(lines: list[str]) -> list[str]:
    """Return what load_demo says after its indented list of counts: who can log in."""
    first = next((number for number, line in enumerate(lines) if not line.startswith("  ")), len(lines))
    return lines[first:]


def prepare(data: Path) -> None:
    """Do what is needed before the site can be served: translations, static files, database, demo office."""
    data.mkdir(parents=True, exist_ok=True)
    messages.compile_all()
    stamps = Stamps(data)
    packages = installed()
    static = [ROOT / "package-lock.json", ROOT / "settings" / "static.py", *code_files("**/static/**/*")]
    static += [path for path in (ROOT / "site" / "static").rglob("*") if path.is_file()]
    manifest = data / "static" / "staticfiles.json"
    stamps.once("static", fingerprint(static, packages), collect_static, result=manifest)
    if os.environ.get("DATABASE_URL"):
        migrate()  # somebody else may have changed that database since
    else:
        migrations = fingerprint(code_files("**/migrations/*.py"), packages)
        stamps.once("database", migrations, migrate, result=data / "db.sqlite3")
    marker = data / ".demo-loaded"
    if not marker.exists() and os.environ.get("DEMO") != "no" and has_command("load_demo"):
        load_demo(data)
        marker.touch()
    if not marker.exists() and has_command("setup_token"):
        manage("setup_token", "--if-needed")  # tells how to open an office that is still empty


# --- serve -------------------------------------------------------------------------------------------------


def check_port(host: str, port: int) -> None:
    """Raise StartError when another program listens at the address already."""
    with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartError(
                f"Port {port} of {host} cannot be used ({error.strerror}). "
                f"Choose another, for example: make run PORT={port + 1}"
            ) from error


def services(host: str, port: int, opened: threading.Event) -> list[Service]:
    """Return the processes of a running office: web, and, as soon as it answers, worker and scheduler."""
    python, django = sys.executable, str(ROOT / "manage.py")
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [python, "-m", "gunicorn", "settings.wsgi:application", "--bind", address, "--chdir", str(ROOT)]
    web += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    web += ["--preload", "--graceful-timeout", "10", "--log-level", "warning", "--no-control-socket"]
    found = [
        Service("web", web, vital=True),
        Service(
            "worker", [python, django, "db_worker", "--queue-name", "*", "--no-startup-delay"], gate=opened
        ),
    ]
    if has_command("beat"):
        found.append(Service("scheduler", [python, django, "beat"], gate=opened))
    return found


def announce_when_ready(url: str, data: Path, opened: threading.Event) -> None:
    """Wait until the site answers, then print its address and, where there is a demo, who can log in."""
    while not opened.is_set():
        try:
            with urllib.request.urlopen(f"{url}/-/alive", timeout=10):  # noqa: S310
                opened.set()
        except OSError:
            time.sleep(0.1)
    logins = data / "demo-logins.txt"
    print(f"\nThe office is open: {url}/   (data: {data}; Ctrl+C ends it)", flush=True)
    if logins.exists():
        print(f"\n{logins.read_text().rstrip()}\n", flush=True)


def main() -> int:
    """Prepare, serve until told to stop; return the exit code."""
    host, port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 8000)
    data = Path(os.environ.get("DATA") or ROOT / "var").resolve()
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    os.environ["DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings.development"
    os.environ.setdefault("BASE_URL", url)
    try:
        check_port(host, port)
        prepare(data)
    except StartError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    say("Starting web server, background worker and scheduler")
    opened = threading.Event()
    threading.Thread(target=announce_when_ready, args=(url, data, opened), daemon=True).start()
    return Supervisor(services(host, port, opened)).run()


if __name__ == "__main__":
    sys.exit(main())
