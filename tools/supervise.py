"""Keep a few processes running under one parent: start, watch, restart with back-off, end all together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>: the signal that a child gets when its parent dies


@dataclass
class Service:
    """One process to keep alive.

    `vital`: when it keeps failing at start, everything ends. `gate`: it starts only after this event is set.
    """

    name: str
    command: Sequence[str]
    vital: bool = False
    gate: threading.Event | None = None
    failures: int = 0
    started_at: float = 0.0
    next_start: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Run services until SIGTERM or SIGINT comes, or until a vital one cannot be kept alive."""

    settled_after = 20.0  # seconds; a process that lived this long was not failing at start
    longest_pause = 30.0  # seconds between two attempts
    patience = 4  # failed starts in a row of a vital service
    grace = 15.0  # seconds to end by itself before it is killed

    def __init__(self, services: Sequence[Service], environment: Mapping[str, str] | None = None) -> None:
        self.services = list(services)
        self.environment = dict(environment if environment is not None else os.environ)
        self.stopping = False
        self.exit_code = 0

    def run(self) -> int:
        """Keep the services running; return the exit code after all of them have ended."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            while not self.stopping:
                for service in self.services:
                    self._tend(service)
                time.sleep(0.2)
        finally:
            self._end_all()
        return self.exit_code

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _tend(self, service: Service) -> None:
        now = time.monotonic()
        if service.process is None:
            waiting = service.gate is not None and not service.gate.is_set()
            if now >= service.next_start and not waiting and not self.stopping:
                self._start(service, now)
            return
        code = service.process.poll()
        if code is None:
            return
        service.process = None
        service.failures = 1 if now - service.started_at > self.settled_after else service.failures + 1
        if service.vital and service.failures >= self.patience:
            print(f"{service.name} does not start (exit code {code}); giving up.", flush=True)
            self.stopping, self.exit_code = True, 1
            return
        pause = min(self.longest_pause, 2.0 ** (service.failures - 1))
        service.next_start = now + pause
        print(f"{service.name} ended with exit code {code}; starting again in {pause:.0f} s.", flush=True)

    def _start(self, service: Service, now: float) -> None:
        service.started_at = now
        service.process = subprocess.Popen(  # noqa: S603
            list(service.command), env=self.environment, preexec_fn=_die_with_parent, process_group=0
        )

    def _end_all(self) -> None:
        running = [service.process for service in self.services if service.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + self.grace
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
