"""Taking files in: allow-list, content check, private storage, holders."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any

import filetype
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ValidationError
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from home.base.api import scan

from .models import StoredFile
from .text import clean_text

if TYPE_CHECKING:
    from home.people.models import User


MIB = 1024 * 1024
MAX_FILE_MB = 20
MAX_FORM_MB = 100
DRAFT_LIFE = timedelta(days=7)


@dataclass(frozen=True)
class FileLink:
    """A file of an answer, ready to be shown."""

    id: str
    name: str
    size: int
    content_type: str = ""

    @property
    def url(self) -> str:
        """Return the address behind the gate."""
        return reverse("stored_file", args=[self.id])

    @property
    def thumbnail(self) -> str:
        """Return the address of a small copy of a picture, behind the same gate."""
        return reverse("stored_thumbnail", args=[self.id])


def _head(stream: IO[bytes], length: int = 4096) -> bytes:
    stream.seek(0)
    head = stream.read(length)
    stream.seek(0)
    return head


def _pdf(stream: IO[bytes]) -> bool:
    return b"%PDF-" in _head(stream, 1024)


def _ole(stream: IO[bytes]) -> bool:
    return _head(stream, 8) == bytes.fromhex("d0cf11e0a1b11ae1")


def _rtf(stream: IO[bytes]) -> bool:
    return _head(stream, 5) == b"{\\rtf"


def _text(stream: IO[bytes]) -> bool:
    head = _head(stream)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\0" not in head and filetype.guess(head) is None


def _names(stream: IO[bytes]) -> list[str]:
    try:
        stream.seek(0)
        with zipfile.ZipFile(stream) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return []
    finally:
        stream.seek(0)


def _zip(stream: IO[bytes]) -> bool:
    return _head(stream, 4) in (b"PK\x03\x04", b"PK\x05\x06")


def _office(folder: str) -> Callable[[IO[bytes]], bool]:
    def check(stream: IO[bytes]) -> bool:
        names = _names(stream) if _zip(stream) else []
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)

    return check


def _open_document(stream: IO[bytes]) -> bool:
    return _zip(stream) and "content.xml" in _names(stream)


def _image(mime: str) -> Callable[[IO[bytes]], bool]:
    def check(stream: IO[bytes]) -> bool:
        found = filetype.guess(_head(stream))
        return found is not None and found.mime == mime

    return check


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OASIS = "application/vnd.oasis.opendocument."

#: What may be uploaded at all: extension → (content type it is served with, check of the content).
ALLOWED: dict[str, tuple[str, Callable[[IO[bytes]], bool]]] = {
    "pdf": ("application/pdf", _pdf),
    "doc": ("application/msword", _ole),
    "docx": (_OPEN_XML + "wordprocessingml.document", _office("word/")),
    "xls": ("application/vnd.ms-excel", _ole),
    "xlsx": (_OPEN_XML + "spreadsheetml.sheet", _office("xl/")),
    "ppt": ("application/vnd.ms-powerpoint", _ole),
    "pptx": (_OPEN_XML + "presentationml.presentation", _office("ppt/")),
    "odt": (_OASIS + "text", _open_document),
    "ods": (_OASIS + "spreadsheet", _open_document),
    "odp": (_OASIS + "presentation", _open_document),
    "rtf": ("application/rtf", _rtf),
    "txt": ("text/plain; charset=utf-8", _text),
    "csv": ("text/csv; charset=utf-8", _text),
    "jpg": ("image/jpeg", _image("image/jpeg")),
    "jpeg": ("image/jpeg", _image("image/jpeg")),
    "png": ("image/png", _image("image/png")),
    "gif": ("image/gif", _image("image/gif")),
    "webp": ("image/webp", _image("image/webp")),
    "zip": ("application/zip", _zip),
}

#: Extensions of files that are archives inside.
ZIPPED = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp", "zip"})
#: The bit that an archive sets on what needs a password.
ENCRYPTED = 0x1

#: Content types that a browser may show in the page's own window.
INLINE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/gif", "image/webp"})


def safe_name(name: str) -> str:
    """Return the last part of a file name, clean, at most 200 characters, with its extension."""
    name = clean_text(PurePath(name.replace("\\", "/")).name) or "file"
    stem, dot, extension = name.rpartition(".")
    if dot and len(name) > 200:
        return f"{stem[: 199 - len(extension)]}.{extension}"
    return name[:200]


def check_upload(upload: UploadedFile, *, extensions: Iterable[str] = (), max_mb: float = MAX_FILE_MB) -> str:
    """Return the extension of an acceptable upload. Raises ValidationError that names the limit or the
    types."""
    name = safe_name(upload.name or "")
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    known = sorted(set(extensions) or ALLOWED)
    params = {"name": name, "known": ", ".join(known)}
    if extension not in known or extension not in ALLOWED:
        raise ValidationError(
            _("“%(name)s”: this type of file is not accepted. Accepted: %(known)s.") % params
        )
    size = upload.size or 0
    if size > max_mb * MIB:
        params |= {"size": filesizeformat(size), "limit": filesizeformat(max_mb * MIB)}
        raise ValidationError(
            _("“%(name)s” is too large (%(size)s). The largest size of a file is %(limit)s.") % params
        )
    if size == 0:
        raise ValidationError(_("“%(name)s” is empty.") % params)
    if extension in ("docx", "xlsx", "pptx") and _ole(upload):  # how Office stores what has a password
        raise ValidationError(_protected() % params)
    if not ALLOWED[extension][1](upload):
        raise ValidationError(
            _("“%(name)s”: the content does not match the extension .%(extension)s.")
            % {**params, "extension": extension}
        )
    if extension in ZIPPED:
        _check_archive(upload, params)
    return extension


def _check_archive(upload: UploadedFile, params: dict[str, str]) -> None:
    """Refuse an archive that nobody can look into, and documents that bring programs under a harmless name."""
    try:
        upload.seek(0)
        with zipfile.ZipFile(upload) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise ValidationError(_("“%(name)s” is a damaged archive.") % params) from None
    finally:
        upload.seek(0)
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise ValidationError(_protected() % params)
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise ValidationError(_("“%(name)s” holds macros. Please save it without them.") % params)


def _protected() -> str:
    return _("“%(name)s” is protected by a password. Please send it without one, so that it can be checked.")


def store_upload(
    upload: UploadedFile, *, by: User | None, extensions: Iterable[str] = (), max_mb: float = MAX_FILE_MB
) -> StoredFile:
    """Check and scan an upload, and keep it as a draft of `by`. Raises ValidationError."""
    extension = check_upload(upload, extensions=extensions, max_mb=max_mb)
    name = safe_name(upload.name or "")
    scan(upload, name)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    stored = StoredFile(
        name=name,
        size=upload.size or 0,
        content_type=ALLOWED[extension][0],
        sha256=digest.hexdigest(),
        uploaded_by=by,
    )
    stored.file.save("file", File(upload), save=False)
    stored.save(force_insert=True)
    return stored


def store_made(content: bytes, *, name: str, holder_kind: str, holder_id: int | str) -> StoredFile:
    """Keep a file that the office made itself, held from the beginning; its extension must be an allowed one.

    Runs inside the caller's transaction: when that is rolled back, the caller removes the file (`discard`).
    """
    stored = StoredFile(
        name=safe_name(name),
        size=len(content),
        content_type=ALLOWED[name.rpartition(".")[2]][0],
        sha256=hashlib.sha256(content).hexdigest(),
        holder_kind=holder_kind,
        holder_id=str(holder_id),
    )
    stored.file.save("file", ContentFile(content), save=False)
    try:
        stored.save(force_insert=True)
    except BaseException:
        discard(stored)
        raise
    return stored


def discard(stored: StoredFile) -> None:
    """Remove the content of a file whose row was never committed."""
    stored.file.storage.delete(str(stored.file.name))


def hold_files(
    ids: Iterable[Any],
    *,
    holder_kind: str,
    holder_id: int | str,
    by: User | None = None,
    held_by: tuple[str, int | str] | None = None,
) -> int:
    """Give files to a holder, whose gate then decides who may read them. Returns how many.

    Only drafts of `by` are given, or files of the holder `held_by` (a dossier takes over those of its
    submission): ids come from a browser, and naming the file of another holder must not take it away from there.
    """
    if (by is None) == (held_by is None):
        raise TypeError("Say whose files: by= or held_by=.")
    wanted = list(ids)
    if not wanted:
        return 0
    kind, holder = held_by or ("", "")
    files = StoredFile.objects.filter(pk__in=wanted, holder_kind=kind, holder_id=str(holder))
    if by is not None:
        files = files.filter(uploaded_by=by)
    return files.update(holder_kind=holder_kind, holder_id=str(holder_id))


def drop_files(files: QuerySet[StoredFile]) -> int:
    """Delete files, their content after the commit. Returns how many. For the caller's transaction."""
    found = list(files)
    for stored in found:
        storage, path = stored.file.storage, str(stored.file.name)
        transaction.on_commit(partial(storage.delete, path), robust=True)
    StoredFile.objects.filter(pk__in=[stored.pk for stored in found]).delete()
    return len(found)


def purge_drafts() -> int:
    """Delete drafts that nobody has sent for seven days. Returns how many. For the scheduler; may run
    twice."""
    old = StoredFile.objects.filter(holder_kind="", uploaded_at__lt=timezone.now() - DRAFT_LIFE)
    count = 0
    for pk in old.values_list("pk", flat=True).iterator(chunk_size=200):
        with transaction.atomic():
            count += drop_files(StoredFile.objects.select_for_update().filter(pk=pk, holder_kind=""))
    return count
