"""Documents are found by what stands in them; a hostile one leaves a row with the reason, and harms nobody."""

from __future__ import annotations

import io
import zipfile

import pytest
import typst
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from docx import Document as Word
from pypdf import PdfWriter
from wagtail.documents.models import Document

from home.base import document_text
from home.base.document_text import read_waiting
from home.base.findable import DocumentText, Findable
from home.base.finding import catch_up
from plugins.api import confined
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def upload(name, content):
    document = Document.objects.create(title="Tài liệu", file=ContentFile(content, name=name))
    row = DocumentText.objects.get(document_id=document.pk)
    return document, row


def word(*paragraphs):
    document, buffer = Word(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(buffer)
    return buffer.getvalue()


def pdf(text="Đề án số hóa", password=""):
    made = typst.compile(text.encode())
    if not password:
        return made
    writer, buffer = PdfWriter(clone_from=io.BytesIO(made)), io.BytesIO()
    writer.encrypt(password, algorithm="RC4-128")
    writer.write(buffer)
    return buffer.getvalue()


def bomb():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 100_000_000)
    return buffer.getvalue()


def entities():
    buffer = io.BytesIO()
    xml = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:p xmlns:w="%s"><w:t>tin &x;</w:t></w:p>'
    with zipfile.ZipFile(buffer, "w") as archive:
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        archive.writestr("word/document.xml", xml % space)
    return buffer.getvalue()


def test_words_of_pdf_and_word_are_found_and_those_of_a_new_file_only(client):
    client.force_login(UserFactory())
    document, row = upload("kế hoạch.docx", word("Đề án số hóa", "hồ sơ lưu trữ"))
    assert (row.state, row.text) == ("read", "Đề án số hóa hồ sơ lưu trữ")
    upload("x.pdf", pdf())
    response = client.get("/search/?q=so+hoa&in=documents")
    assert response.context["groups"][0].total == 2
    assert "<mark>số</mark> <mark>hóa</mark>" in response.content.decode()
    assert document.url in response.content.decode()
    document.file.save("khac.txt", ContentFile("nội dung khác".encode()))
    assert Findable.objects.get(kind="documents", object_id=document.pk).text == "nội dung khác"
    document.title = "Tên mới"
    document.save()
    assert DocumentText.objects.filter(document_id=document.pk).count() == 1
    pk = document.pk
    document.delete()
    assert not Findable.objects.filter(kind="documents", object_id=pk).exists()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"%PDF-1.4 rubbish", "broken"),
        ("a.pdf", pdf(password="bí mật"), "locked"),
        ("a.docx", b"no archive", "broken"),
        ("a.docx", bomb(), "too_big"),
        ("a.docx", word(), "empty"),
        ("a.exe", b"MZ", "kind"),
        ("a.txt", b"", "empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_leaves_a_row_with_the_reason(name, content, reason):
    document, row = upload(name, content)
    assert (row.state, row.reason, row.text) == ("failed", reason, "")
    assert Findable.objects.get(kind="documents", object_id=document.pk).title == "Tài liệu"


def test_nothing_outside_is_read_and_odd_signs_are_kept_out():
    assert "root" not in upload("a.docx", entities())[1].text
    assert upload("a.txt", "một\0hai \ud800".encode("utf-8", "surrogatepass"))[1].text.startswith("một hai")
    assert len(upload("a.txt", b"chu " * 300_000)[1].text) <= document_text.SEARCHED_TEXT


def test_one_that_takes_too_long_is_ended_and_is_not_tried_for_ever(monkeypatch):
    monkeypatch.setattr(document_text, "PATIENCE", 0.5)
    monkeypatch.setattr(confined, "_START", "import time; time.sleep(60)")
    assert upload("a.txt", b"x")[1].reason == "too_long"
    assert read_waiting() == 0


def test_what_was_interrupted_is_read_later_and_a_missing_file_is_no_end():
    _document, row = upload("a.txt", "chữ".encode())
    DocumentText.objects.update(state="waiting", text="")
    other = Document.objects.create(title="Mất tệp", file="documents/không-có.txt")
    assert DocumentText.objects.get(document_id=other.pk).reason == "missing"
    assert read_waiting() == 1
    row.refresh_from_db()
    assert (row.state, row.text) == ("read", "chữ")
    Findable.objects.filter(kind="documents").delete()
    Findable.objects.create(kind="documents", object_id=10**9, title="x", title_words=" x ", words="x")
    assert catch_up() == 2
    assert Findable.objects.filter(kind="documents").count() == 2


def test_the_index_is_written_anew_by_a_command(capsys):
    upload("a.txt", "chữ".encode())
    Findable.objects.update(title="sai", title_words=" sai ")
    call_command("reindex_search", "documents", "--texts")
    assert "documents: 1" in capsys.readouterr().out
    assert Findable.objects.get(kind="documents").title == "Tài liệu"
    with pytest.raises(CommandError, match=r"Known: .*documents"):
        call_command("reindex_search", "x")
