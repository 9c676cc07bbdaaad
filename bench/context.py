"""What a measurement gets: the database, the scale, and a running server of the measured site."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

ROOT = Path(__file__).resolve().parent.parent
HELLO = "/-/hello"
COUNT = {"X-Count-Queries": "1"}
_TOKEN = "b" * 32
#: Seconds that the quickest act takes in a round, and how often it is done for that at most.
_ROUND, _MOST, _SLOW = 0.3, 300, 1.0
#: Seconds after which the server closes a connection on which nobody asks.
KEEP_ALIVE = 75


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Answer:
    """What came back: status, size in bytes, time in ms, where to go on; queries and their time when asked for."""

    status: int
    size: int
    queries: int | None
    wall_ms: float
    location: str = ""
    database_ms: float | None = None
    etag: str = ""
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cost:
    """Medians over rounds: CPU of the whole process tree and wall time, both in ms per request."""

    cpu_ms: float
    wall_ms: float


class Server:
    """gunicorn with two gthread workers on the bench settings; one keep-alive connection to it."""

    def __init__(self, port: int) -> None:
        self.port, self.asked_at = port, time.monotonic()
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "settings.wsgi:application",
            "--bind",
            f"127.0.0.1:{port}",
        ]
        command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
        command += ["--keep-alive", str(KEEP_ALIVE), "--log-level", "error", "--no-control-socket"]
        self.process = subprocess.Popen(command, cwd=ROOT)  # noqa: S603
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def wait(self) -> None:
        """Return when every worker answers."""
        for _ in range(600):
            try:
                if self.get("/-/alive").status == 200:
                    return
            except OSError:
                self.connection.close()
                time.sleep(0.1)
        raise RuntimeError("The measured server does not answer.")

    def stop(self) -> None:
        """End the server."""
        self.connection.close()
        self.process.terminate()
        self.process.wait(30)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for one page on the open connection."""
        return self.ask("GET", path, headers)

    def post(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Send a form on the open connection, as a browser with a valid CSRF cookie does."""
        cookie = f"{headers['Cookie']}; csrftoken={_TOKEN}"
        form = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": _TOKEN, "Cookie": cookie}
        return self.ask("POST", path, {**headers, **form}, urlencode(fields))

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, content: str | None = None
    ) -> Answer:
        """Send one request and read the whole answer."""
        if time.monotonic() - self.asked_at > KEEP_ALIVE / 2:
            self.connection.close()  # the server does so by itself after a while; the next request opens it again
        started = time.perf_counter()
        self.connection.request(method, path, content, dict(headers or {}))
        answer = self.connection.getresponse()
        body = answer.read()
        self.asked_at = time.monotonic()
        wall = (time.perf_counter() - started) * 1000
        queries = answer.headers.get("X-Queries")
        location = answer.headers.get("Location") or ""
        spent = answer.headers.get("X-Database-Ms")
        return Answer(
            answer.status,
            len(body),
            int(queries) if queries else None,
            wall,
            location,
            float(spent) if spent else None,
            answer.headers.get("ETag") or "",
            cookies_of(answer.headers.get_all("Set-Cookie") or []),
        )

    def cpu_ms(self) -> float:
        """Return the CPU time that the server's whole process tree has used so far."""
        master = psutil.Process(self.process.pid)
        times = [process.cpu_times() for process in (master, *master.children(recursive=True))]
        return sum(found.user + found.system for found in times) * 1000


def interleaved(
    server: Server,
    acts: Mapping[str, Callable[[], object]],
    *,
    rounds: int = 9,
    times: int = 60,
    seconds: float = _ROUND,
) -> dict[str, Cost]:
    """Do each act `times` in every round, in turns, so that a slow minute of the machine hits all alike.

    The kernel counts CPU in ticks of 10 ms: quick acts are done more often, until each takes `seconds` in a round.
    """
    quickest = _SLOW
    for act in acts.values():
        started = time.perf_counter()
        for _ in range(first := max(1, times // 3)):
            act()
        quickest = min(quickest, (time.perf_counter() - started) / first)
    times = max(times, min(_MOST, int(seconds / quickest)))
    cpu: dict[str, list[float]] = {name: [] for name in acts}
    wall: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            before, started = server.cpu_ms(), time.perf_counter()
            for _ in range(times):
                act()
            wall[name].append((time.perf_counter() - started) * 1000 / times)
            cpu[name].append((server.cpu_ms() - before) / times)
    return {name: Cost(statistics.median(cpu[name]), statistics.median(wall[name])) for name in acts}


@dataclass
class Context:
    """One run: on which database, at which scale; `server` and `person` only in rows per database."""

    database: str
    scale: str
    size: int
    folder: Path
    cookies: dict[str, str] = field(default_factory=dict)
    running: Server | None = None

    @property
    def server(self) -> Server:
        """Return the running server."""
        if self.running is None:
            raise RuntimeError("This row needs a server: register it with per_database=True.")
        return self.running

    def restart(self) -> None:
        """Begin with fresh processes: those that run have seen another database, and remember how large it was."""
        self.server.stop()
        self.running = Server(free_port())
        self.running.wait()

    def as_staff(self) -> dict[str, str]:
        """Return the headers of the officer, who is logged in."""
        return headers_of(self.cookies)

    def queries_of(self, path: str) -> int:
        """Return how many queries a page needs for somebody who is logged in, after a first request."""
        headers = {**self.as_staff(), **COUNT}
        self.server.get(path, headers)
        found = self.server.get(path, headers)
        if found.status != 200 or found.queries is None:
            raise RuntimeError(f"{path} answers {found.status}; it cannot be measured.")
        return found.queries

    def database_ms(self, path: str, cookies: Mapping[str, str], *, times: int = 21) -> float:
        """Return the median of what all queries of a page take together, in ms of wall time in the server."""
        found = [self.server.get(path, {**headers_of(cookies), **COUNT}) for _ in range(times + 2)][2:]
        if any(answer.status != 200 or answer.database_ms is None for answer in found):
            raise RuntimeError(f"{path} answers {found[0].status}; it cannot be measured.")
        return statistics.median(answer.database_ms or 0.0 for answer in found)


def cookies_of(lines: Iterable[str]) -> dict[str, str]:
    """Return the cookies that an answer sets."""
    found: SimpleCookie = SimpleCookie()
    for line in lines:
        found.load(line)
    return {name: cookie.value for name, cookie in found.items()}


def headers_of(cookies: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that carry these cookies."""
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


@contextmanager
def served(context: Context) -> Iterator[Context]:
    """Make the database of a run, one person who is logged in, and a server; end the server afterwards."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    os.environ["DATA"] = str(context.folder)
    django.setup()
    from django.core.management import call_command, get_commands

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if "load_demo" in get_commands():
        call_command("load_demo")
    context.cookies = log_in()
    context.running = Server(free_port())
    try:
        context.running.wait()
        yield context
    finally:
        context.running.stop()


def log_in(person: Any = None) -> dict[str, str]:
    """Return the cookies of somebody: `person`, else the officer whom every row of pages looks at."""
    from django.conf import settings
    from django.test import Client

    from bench.office import officer

    client = Client()
    client.force_login(person or officer())
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
