"""Archives that are sent while they are made: one file at a time is read, in pieces."""

from __future__ import annotations

import hashlib
import logging
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import RawIOBase
from typing import Any

from django.utils import timezone

from .models import StoredFile

logger = logging.getLogger(__name__)

#: The earliest year that an archive can write.
_FIRST_YEAR = 1980


class Pipe(RawIOBase):
    """A file that cannot be sought: it gives away what is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, data: Any) -> int:
        """Keep what is written until it is taken."""
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        found = b"".join(self._parts)
        self._parts.clear()
        return found


def pack(archive: zipfile.ZipFile, pipe: Pipe, stored: StoredFile, entry: dict[str, Any]) -> Iterator[bytes]:
    """Write one file to `entry["path"]`; `state` of its entry says whether it is what was stored."""
    digest = hashlib.sha256()
    info = zipfile.ZipInfo(entry["path"], stamp(stored.uploaded_at))
    info.compress_type = zipfile.ZIP_DEFLATED
    try:
        source = stored.file.open("rb")
    except FileNotFoundError:
        logger.error("File %s is gone from the storage", stored.pk)
        entry["state"] = "missing"
        return
    with source, archive.open(info, "w", force_zip64=True) as target:
        for chunk in source.chunks():
            digest.update(chunk)
            target.write(chunk)
            yield pipe.take()
    entry["state"] = "intact" if digest.hexdigest() == stored.sha256 else "changed"
    yield pipe.take()


def stamp(at: datetime) -> tuple[int, int, int, int, int, int]:
    """Return a moment as archives write it, in local time."""
    local = timezone.localtime(at)
    return (max(local.year, _FIRST_YEAR), local.month, local.day, local.hour, local.minute, local.second)
