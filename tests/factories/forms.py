"""Forms, submissions and files for tests."""

from __future__ import annotations

import io
import uuid
import zipfile

import factory
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from home.forms.api import FormSchema, StoredFile, Submission, freeze

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def schema(*fields, **section) -> FormSchema:
    """Return a form of one section."""
    return FormSchema.parse({"sections": [{**section, "fields": list(fields)}]})


def field(key="a", kind="text", **options) -> dict:
    """Return one question."""
    return {"key": key, "kind": kind, "label": options.pop("label", f"Câu hỏi {key}"), **options}


def pdf(name="tệp.pdf", content=PDF) -> SimpleUploadedFile:
    """Return an upload that is a PDF."""
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def docx(name="văn bản.docx", folder="word") -> SimpleUploadedFile:
    """Return an upload that is a Word document."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/document.xml", "<document/>")
    return SimpleUploadedFile(name, stream.getvalue())


class StoredFileFactory(factory.django.DjangoModelFactory):
    """A stored PDF; a draft unless a holder is given."""

    name = "tệp.pdf"
    size = len(PDF)
    content_type = "application/pdf"
    sha256 = "0" * 64
    file = factory.LazyFunction(lambda: ContentFile(PDF, "x"))

    class Meta:
        model = StoredFile


class SubmissionFactory(factory.django.DjangoModelFactory):
    """A stored answer to one question."""

    schema = factory.LazyFunction(lambda: freeze(schema(field())))
    answers = factory.LazyFunction(lambda: {"a": "câu trả lời"})
    handler = "store"
    source = "page:1"
    key = factory.LazyFunction(lambda: uuid.uuid4().hex)

    class Meta:
        model = Submission


def make_form_page(*fields, parent=None, departments=None, **values):
    """Return a published form page, below the home page by default; `departments` restrict it."""
    from home.base.models import BasePage
    from home.forms.api import stream_of
    from home.pages.models import FormPage
    from tests.factories.pages import make_home

    definition = {"sections": [{"title": "Thông tin", "fields": list(fields) or [field(required=True)]}]}
    page = FormPage(**{"title": "Đăng ký", "sections": stream_of(definition), **values})
    if departments is not None:
        page.audience = BasePage.Audience.LIMITED
        page.audience_departments.set(departments)
    parent = parent or make_home()
    parent.refresh_from_db()
    return parent.add_child(instance=page)
