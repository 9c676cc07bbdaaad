"""Pictures are measured by their content, shown small behind the gate; a signature is drawn anew as PNG."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageDraw

from home.forms.api import StoredFile, build_form, display
from tests.factories.forms import PDF, StoredFileFactory, field, schema
from tests.home.forms.browsing import page_of, sent_from


def picture(width=400, height=300, *, kind="PNG", name="ảnh.png", drawn=True, mode="RGB", **save):
    """Return an upload that is a picture."""
    made = Image.new(mode, (width, height), "white" if mode == "RGB" else None)
    if drawn:
        ImageDraw.Draw(made).line((10, 10, width - 10, height - 10), fill="black", width=4)
    stream = io.BytesIO()
    made.save(stream, kind, **save)
    return SimpleUploadedFile(name, stream.getvalue())


def sent(question, upload, user):
    """Return the checked form of one question for an upload."""
    form = build_form(schema(question), user=user, data={}, files={"a": upload})
    form.is_valid()
    return form


def turned(width, height):
    """Return a photograph that was taken with the camera upright."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return picture(width, height, kind="JPEG", name="ảnh.jpg", exif=exif)


@pytest.mark.parametrize(
    ("more", "upload", "mistake"),
    [
        ({}, picture(), ""),
        ({"min_width": 400, "max_height": 300}, picture(), ""),
        ({"min_width": 401}, picture(), "400 × 300"),
        ({"max_width": 399}, picture(), "400 × 300"),
        ({"min_height": 400, "max_width": 300}, turned(400, 300), ""),
        ({}, SimpleUploadedFile("ảnh.png", PDF), "phần mở rộng .png"),
        ({}, SimpleUploadedFile("ảnh.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 60), "Không đọc được"),
        ({}, SimpleUploadedFile("ảnh.pdf", PDF), "ảnh.pdf"),
        ({"extensions": ["jpg"]}, picture(), "jpg"),
        ({}, picture(12_000, 6_000, drawn=False, mode="1"), "quá lớn"),
    ],
)
def test_pictures_are_measured_as_they_are_looked_at(make_user, more, upload, mistake):
    upload.seek(0)
    form = sent(field(kind="image", **more), upload, make_user("lan"))
    assert form.is_valid() is not bool(mistake) and mistake in str(form.errors), form.errors
    assert StoredFile.objects.count() == (not mistake)


def test_a_picture_kept_from_elsewhere_is_measured_too(make_user):
    lan = make_user("lan")
    small = sent(field(kind="image"), picture(), lan).answers()["a"][0]["id"]
    question = field(kind="image", min_width=500)
    form = build_form(schema(question), user=lan, data={"a-kept": small})
    assert form.is_valid() and form.answers() == {}
    broken = StoredFileFactory(name="x.png", content_type="image/png", uploaded_by=lan)
    assert build_form(schema(field(kind="image")), user=lan, data={"a-kept": str(broken.pk)}).is_valid()
    form = build_form(schema(field(kind="image")), user=lan, data={"a-kept": small})
    assert form.is_valid() and form.answers()["a"][0]["id"] == small


def test_a_signature_is_stored_as_png_on_white_and_an_empty_pad_is_refused(make_user):
    lan, question = make_user("lan"), field(kind="signature", required=True)
    exif = Image.Exif()
    exif[0x010E] = "hidden words"
    form = sent(question, picture(3_000, 900, kind="JPEG", name="ký.jpg", exif=exif), lan)
    answer = form.answers()["a"]
    stored = StoredFile.objects.get()
    assert [entry["name"] for entry in answer] == ["chu-ky.png"] and stored.content_type == "image/png"
    with stored.file.open("rb") as content:
        data = content.read()
    assert Image.open(io.BytesIO(data)).size == (1200, 360) and b"hidden words" not in data
    clear = sent(question, picture(mode="RGBA", drawn=False), lan)
    assert "trống" in str(clear.errors) and StoredFile.objects.count() == 1
    # It survives a mistake elsewhere, and shows itself.
    again = build_form(schema(question), user=lan, data=sent_from(form))
    assert again.is_valid() and again.answers()["a"] == answer
    assert reverse("stored_thumbnail", args=[stored.pk]) in page_of(again)
    row = display(schema(question), {"a": answer})[0]
    assert row.pictures and row.files[0].thumbnail == reverse("stored_thumbnail", args=[stored.pk])


def test_a_small_copy_lies_behind_the_gate_of_its_picture(client, make_user):
    lan, minh = make_user("lan"), make_user("minh")
    pk = sent(field(kind="image"), picture(900, 600), lan).answers()["a"][0]["id"]
    url = reverse("stored_thumbnail", args=[pk])
    client.force_login(minh)
    assert client.get(url).status_code == 404
    client.force_login(lan)
    answer = client.get(url)
    assert answer["Content-Type"] == "image/webp" and answer["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(answer.content)).size == (320, 213)
    assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    client.force_login(minh)
    assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 404
    client.force_login(lan)
    paper = StoredFileFactory(uploaded_by=lan)
    assert client.get(reverse("stored_thumbnail", args=[paper.pk])).status_code == 404
    broken = StoredFileFactory(name="x.png", content_type="image/png", uploaded_by=lan)
    answer = client.get(reverse("stored_thumbnail", args=[broken.pk]))
    assert answer.status_code == 200 and b"".join(answer.streaming_content) == PDF
