"""Uploads are scanned by a ClamAV daemon, and refused when it finds something, says nothing or is not there."""

import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import ValidationError

from home.base.virus import PIECE, ScannerError, found_in
from home.forms.files import check_upload, store_upload
from home.forms.models import StoredFile
from settings.scanner import read_scanner
from tests.clamd import BAIT, clamd_of
from tests.factories.forms import docx, pdf


@pytest.fixture(params=["tcp", "unix"])
def clamd(request, settings):
    """Start a little daemon, and let the settings name it."""
    with tempfile.TemporaryDirectory() as folder:
        socket = str(Path(folder) / "clamd") if request.param == "unix" else ""
        with clamd_of(settings, socket=socket, limit=10 * PIECE) as server:
            yield server


@pytest.mark.once
def test_the_whole_content_is_sent_in_pieces(clamd):
    content = bytes(range(256)) * 800  # more than three pieces
    assert found_in([content, b"", b"end"]) == ""
    assert clamd.seen == [content + b"end"]
    assert found_in([b"..", BAIT]) == "Bait.Test"


@pytest.mark.once
@pytest.mark.parametrize("says", [b"stream: weird ERROR\0", b"\0", b"OK\0x", b"stream: FOUND?\0"])
def test_whatever_is_no_clear_answer_is_none(clamd, says):
    clamd.says = says
    if says == b"OK\0x":
        clamd.says = b"stream: maybe OK\0"
    with pytest.raises(ScannerError):
        found_in([b"x"])


@pytest.mark.once
def test_what_the_daemon_will_not_read_is_not_taken(clamd):
    with pytest.raises(ScannerError):
        found_in([b"x" * PIECE] * 200)


@pytest.mark.django_db
def test_nothing_is_stored_of_a_bad_upload_or_while_the_daemon_is_away(lan, settings):
    with clamd_of(settings):
        assert store_upload(pdf(), by=lan).sha256
        with pytest.raises(ValidationError, match=r"Bait\.Test"):
            store_upload(pdf(content=b"%PDF-1.7 " + BAIT), by=lan)
    with pytest.raises(ValidationError, match=r"tệp\.pdf"):
        store_upload(pdf(), by=lan)
    assert StoredFile.objects.count() == 1


def archive(name, *, locked=False, inside="a.txt"):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as found:
        found.writestr("[Content_Types].xml", "<Types/>")
        found.writestr(inside, "x")
    content = bytearray(stream.getvalue())
    if locked:  # the bit stands in both headers of the entry
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[content.rindex(mark) + offset] |= 1
    return SimpleUploadedFile(name, bytes(content))


@pytest.mark.once
@pytest.mark.parametrize(
    ("upload", "word"),
    [
        (archive("a.zip", locked=True), "mật khẩu"),
        (archive("a.docx", locked=True, inside="word/a.xml"), "mật khẩu"),
        (SimpleUploadedFile("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600), "mật khẩu"),
        (archive("a.docx", inside="word/vbaProject.bin"), "macro"),
        (SimpleUploadedFile("a.zip", b"PK\x03\x04" + b"x" * 90), "hỏng"),
    ],
)
def test_what_cannot_be_looked_into_is_refused(upload, word):
    with pytest.raises(ValidationError) as error:
        check_upload(upload)
    assert word in str(error.value) and upload.name in str(error.value)


@pytest.mark.once
def test_a_plain_archive_is_taken_and_can_be_read_again():
    for upload in (archive("a.zip"), docx()):
        check_upload(upload)
        assert upload.tell() == 0


@pytest.mark.once
def test_the_address_of_the_daemon_is_checked_at_the_start():
    for good in ("", "tcp://clamav:3310", "unix:///run/clamav/clamd.ctl"):
        assert read_scanner(good) == good
    for bad in ("clamav:3310", "tcp://clamav", "tcp://clamav:x", "http://clamav:3310", "unix://"):
        with pytest.raises(ImproperlyConfigured):
            read_scanner(bad)
