"""Asking a ClamAV daemon about an upload, by its INSTREAM command; without an answer nothing is taken in."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

#: So much is sent at a time; the daemon refuses larger pieces.
PIECE = 64 * 1024
_LONGEST_ANSWER = 4096


class ScannerError(Exception):
    """The daemon cannot be reached, or did not say that the content is clean or not."""


class TooLongError(ScannerError):
    """The daemon reads no content of this length: its `StreamMaxLength` is too small."""


def is_on() -> bool:
    """Tell whether uploads are scanned."""
    return bool(settings.CLAMAV_URL)


def found_in(chunks: Iterable[bytes]) -> str:
    """Return the name of what the daemon found in a content, or nothing when it is clean. Raises `ScannerError`."""
    try:
        with _connected() as connection:
            _tell(connection, chunks)
            answer = _answer(connection)
    except OSError as error:
        raise ScannerError(f"{type(error).__name__}: {error}") from error
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    if "size limit exceeded" in answer:
        raise TooLongError(answer)
    raise ScannerError(answer or "no answer")


def _tell(connection: socket.socket, chunks: Iterable[bytes]) -> None:
    """Send a content in pieces, with its length before each. A daemon that has heard too much hangs up meanwhile."""
    try:
        connection.sendall(b"zINSTREAM\0")
        for chunk in chunks:
            for start in range(0, len(chunk), PIECE):
                piece = chunk[start : start + PIECE]
                connection.sendall(struct.pack("!I", len(piece)) + piece)
        connection.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return  # what it said before tells why


def _connected() -> socket.socket:
    """Open the connection that `CLAMAV_URL` names: `tcp://host:port` or `unix:///path`."""
    parts = urlsplit(settings.CLAMAV_URL)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(settings.CLAMAV_TIMEOUT)
        try:
            connection.connect(parts.path)
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection((parts.hostname, parts.port), timeout=settings.CLAMAV_TIMEOUT)


def _answer(connection: socket.socket) -> str:
    """Read up to the closing zero byte."""
    found = b""
    while not found.endswith(b"\0") and len(found) < _LONGEST_ANSWER:
        more = connection.recv(1024)
        if not more:
            break
        found += more
    return found.rstrip(b"\0").decode("utf-8", "replace").strip()
