"""A dossier taken out: the document, the archive, the print view; who may, and what is kept of it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from pypdf import PdfReader

from home.audit.api import Entry
from tests.factories.flows import act, open_for
from tests.factories.forms import StoredFileFactory
from workflows.dossiers.api import Attachment, write_remark

SECRET = "Chỉ nói trong phòng"


@pytest.fixture
def dossier(office, version):
    found = open_for(office, version, reason='Máy cũ đã hỏng\n#import "x" *đậm* $1$ `mã`')
    act(found, "op_tc", office.tc1, "agree", "Nhất trí & đề nghị #panic()")
    write_remark(found.pk, by=office.tc1, text=SECRET, audience="staff")
    return found


def enclose(dossier, by, name="Báo giá.pdf", content=b"%PDF-1.4 test"):
    file = StoredFileFactory(
        name=name,
        uploaded_by=by,
        holder_kind="dossier",
        holder_id=str(dossier.pk),
        content_type="application/pdf",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
    file.file.save("file", ContentFile(content))
    Attachment.objects.create(dossier=dossier, file=file, step="op_tc", added_by=by)
    return file


def export(client, dossier, form):
    return client.post(f"/dossiers/{dossier.pk}/export/", {form: "1"})


def test_the_document_says_everything_but_the_remarks(office, dossier, as_user):
    enclose(dossier, office.tc1)
    answer = export(as_user(office.tc1), dossier, "pdf")
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())
    for words in (dossier.number, "Tờ trình mua máy", "Máy cũ đã hỏng", "#import", "#panic()", "Báo giá.pdf"):
        assert words in text, words
    assert SECRET not in text


def test_the_archive_holds_files_and_a_manifest_with_their_sums(office, dossier, as_user):
    file = enclose(dossier, office.tc1)
    spoilt = enclose(dossier, office.tc1, "Khác.pdf")
    with spoilt.file.open("wb") as stream:
        stream.write(b"something else")
    gone = enclose(dossier, office.tc1, "Mất.pdf")
    gone.file.storage.delete(gone.file.name)
    answer = export(as_user(office.tc1), dossier, "zip")
    assert answer.streaming
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read("manifest.json"))
        rows = {row["name"]: row for row in manifest["files"]}
        assert hashlib.sha256(archive.read(rows["Báo giá.pdf"]["path"])).hexdigest() == file.sha256
        states = {name: row["state"] for name, row in rows.items()}
        assert states == {"Báo giá.pdf": "intact", "Khác.pdf": "changed", "Mất.pdf": "missing"}
        assert hashlib.sha256(archive.read("ho-so.pdf")).hexdigest() == manifest["document"]["sha256"]
        assert (manifest["number"], manifest["answers"]) == (dossier.number, dossier.answers)
        assert SECRET not in json.dumps(manifest, ensure_ascii=False)


@pytest.mark.parametrize("form", ["pdf", "zip"])
def test_who_took_it_out_is_kept(office, dossier, as_user, form):
    answer = export(as_user(office.ann), dossier, form)
    assert answer.status_code == 200
    entry = Entry.objects.get(verb="dossier.exported")
    assert (entry.by, entry.target, entry.data) == (office.ann, dossier.target, {"form": form})


@pytest.mark.parametrize("page", ["export", "print"])
def test_an_outsider_takes_nothing_out(office, dossier, as_user, unchanged, page):
    with unchanged():
        assert as_user(office.outsider).get(f"/dossiers/{dossier.pk}/{page}/").status_code == 404
        assert as_user(office.outsider).post(f"/dossiers/{dossier.pk}/{page}/", {"zip": "1"}).status_code in (
            404,
            405,
        )
    assert as_user(office.tc1).get(f"/dossiers/{dossier.pk}/{page}/").status_code == 200


def test_the_print_view_is_complete_and_holds_no_remark(office, dossier, as_user):
    enclose(dossier, office.tc1)
    html = as_user(office.tc1).get(f"/dossiers/{dossier.pk}/print/").content.decode()
    for words in (dossier.number, "Máy cũ đã hỏng", "Báo giá.pdf", "Nhất trí", "<svg"):
        assert words in html
    assert SECRET not in html


def test_a_picture_or_pdf_is_shown_within_the_page_through_the_gate(office, dossier, as_user):
    file = enclose(dossier, office.tc1)
    url = f"/dossiers/{dossier.pk}/files/{file.pk}/"
    assert url in as_user(office.tc1).get(f"/dossiers/{dossier.pk}/").content.decode()
    answer = as_user(office.tc1).get(url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 test"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert as_user(office.outsider).get(url).status_code == 404


def test_what_a_browser_might_run_is_never_shown_within_the_page(office, dossier, as_user):
    file = enclose(dossier, office.tc1)
    type(file).objects.filter(pk=file.pk).update(content_type="text/html")
    assert as_user(office.tc1).get(f"/dossiers/{dossier.pk}/files/{file.pk}/").status_code == 404
    other = open_for(office, dossier.version, by=office.tc1)
    type(file).objects.filter(pk=file.pk).update(content_type="application/pdf")
    assert as_user(office.tc1).get(f"/dossiers/{other.pk}/files/{file.pk}/").status_code == 404
