"""A little ClamAV daemon for tests."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Stands for a virus; the real test file would alarm the scanner of whoever checks this out.
BAIT = b"BAIT-FOR-SCANNERS"


class Clamd(socketserver.StreamRequestHandler):
    """Speaks INSTREAM as clamd does: pieces with their length before them, until one of length zero."""

    server: Any

    def handle(self) -> None:
        """Answer one question."""
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > self.server.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(content)
        self.wfile.write(
            self.server.says or (b"stream: Bait.Test FOUND\0" if BAIT in content else b"stream: OK\0")
        )


@contextmanager
def clamd_of(settings: Any, *, socket: str = "", limit: int = 10**6) -> Iterator[Any]:
    """Start a daemon on loopback, or on a socket, and let the settings name it; it keeps what it has `seen`."""
    server: Any
    if socket:
        server = socketserver.ThreadingUnixStreamServer(socket, Clamd)
        settings.CLAMAV_URL = f"unix://{socket}"
    else:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
        settings.CLAMAV_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
    settings.CLAMAV_TIMEOUT = 5
    server.seen, server.says, server.limit = [], b"", limit
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
