"""Calls of other systems: one signed request to a target that the operator has named, bounded in time and size."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from workflows.dossiers.api import UnreachableError

SIGNATURE, EVENT = "Congso-Signature", "Congso-Event"
#: More of an answer than this is not read.
MAX_ANSWER = 64 * 1024
#: How much of an answer is kept with the errand.
KEPT = 500


class WebhookError(Exception):
    """The target is not known, did not answer in time, or did not accept."""


class NoAnswerError(WebhookError, UnreachableError):
    """The target did not answer in time, or nobody listens there."""


@dataclass(frozen=True)
class Target:
    """One system that the operator lets the office call. `timeout` is in seconds and bounds the whole call."""

    name: str
    url: str
    secret: str
    timeout: float


def target(name: str) -> Target:
    """Return a target of the settings. Raises `WebhookError`."""
    known: Mapping[str, Mapping[str, Any]] = settings.WEBHOOKS
    if name not in known:
        raise WebhookError(f"No target is called {name!r}.")
    row = known[name]
    return Target(name, row["url"], row["secret"], float(row["timeout"]))


def sign(secret: str, moment: int, body: bytes) -> str:
    """Return the value of the signature header for a body sent at `moment` (Unix seconds)."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def post(to: Target, body: bytes, *, event: str) -> dict[str, Any]:
    """Send one request and return what came back: `status` and the beginning of the `answer`.

    Redirects are not followed. Raises `WebhookError` for anything but a status of 2xx, within the target's timeout.
    """
    moment = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Congso",
        EVENT: event,
        SIGNATURE: sign(to.secret, moment, body),
    }
    parts = urlsplit(to.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, to.timeout)
    try:
        with _bounded(connection, to.timeout):
            connection.request("POST", path, body=body, headers=headers)
            response = connection.getresponse()
            answer = response.read(MAX_ANSWER).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswerError(f"{to.name} did not answer: {error or type(error).__name__}") from error
    finally:
        connection.close()
    if not 200 <= response.status < 300:
        raise WebhookError(f"{to.name} answered {response.status}: {answer[:KEPT]}")
    return {"status": response.status, "answer": answer[:KEPT]}


@contextmanager
def _bounded(connection: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
    """Connect and cut the line when the time is over: a drop now and then must not keep it open."""
    over = threading.Event()
    begun = time.monotonic()
    connection.connect()
    line = connection.sock

    def cut() -> None:
        over.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(seconds - (time.monotonic() - begun), 0), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        if over.is_set():
            raise TimeoutError("the time is over") from error
        raise
    finally:
        timer.cancel()
    if over.is_set():
        raise TimeoutError("the time is over")


def _connection(scheme: str, host: str, port: int | None, timeout: float) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    return http.client.HTTPConnection(host, port, timeout=timeout)


def encoded(payload: Mapping[str, Any]) -> bytes:
    """Return the JSON that is signed and sent."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


__all__ = ["EVENT", "SIGNATURE", "Target", "WebhookError", "encoded", "post", "sign", "target"]
