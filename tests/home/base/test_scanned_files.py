"""Pictures and documents of the admin are scanned like all uploads, and nothing is stored of what is refused."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection

from tests.clamd import BAIT, clamd_of
from tests.factories.people import UserFactory, browser
from tests.home.base.test_broken_pictures import WHOLE

pytestmark = pytest.mark.django_db

KINDS = {
    "wagtaildocs": (Document, "quy-chế.pdf", b"%PDF-1.7 clean"),
    "wagtailimages": (Image, "ảnh.png", WHOLE["PNG"]),
}


@pytest.fixture
def client():
    return browser(UserFactory(is_superuser=True, language="vi"))


def send(client, kind, name, content, *, several=False):
    place, file = Collection.get_first_root_node().pk, SimpleUploadedFile(name, content)
    if several:
        address, headers = reverse(f"{kind}:add_multiple"), {"x-requested-with": "XMLHttpRequest"}
        return client.post(address, {"collection": place, "files[]": file}, headers=headers)
    return client.post(reverse(f"{kind}:add"), {"title": name, "collection": place, "file": file})


@pytest.mark.parametrize("kind", KINDS)
def test_an_infected_file_is_refused_with_a_reason(client, kind, settings, files_on_disk):
    model, name, clean = KINDS[kind]
    with clamd_of(settings) as server:
        answer = send(client, kind, name, clean + BAIT)
        [said] = answer.context["form"].errors["file"]
        assert "Bait.Test" in said
        assert name in said
        refused = send(client, kind, name, clean + BAIT, several=True).json()
        assert refused["success"] is False
        assert "Bait.Test" in refused["error_message"]
        assert not model.objects.exists()
        assert send(client, kind, name, clean).status_code == 302
        assert send(client, kind, name, clean, several=True).json()["success"] is True
        assert server.seen.count(clean) == 2
    for one in model.objects.all():
        with one.file.open() as stored:
            assert stored.read() == clean
    assert model.objects.count() == 2


@pytest.mark.parametrize("kind", KINDS)
def test_the_name_of_a_refused_file_is_no_markup(client, kind, settings, files_on_disk):
    _model, name, clean = KINDS[kind]
    hostile = f"<img src=x onerror='alert(1)'>{name}"
    with clamd_of(settings) as server:
        for says in (b"", b"stream: <b>Bait</b> FOUND\0"):
            server.says = says
            said = send(client, kind, hostile, clean + BAIT, several=True).json()["error_message"]
            assert "Bait" in said
            assert name in said
            assert "<" not in said


def test_what_the_scanner_is_too_small_for_is_refused_with_that_reason(client, settings, files_on_disk):
    with clamd_of(settings, limit=1_000):
        answer = send(client, "wagtaildocs", "dài.pdf", b"%PDF-1.7 " + b"x" * 5_000_000)
    [said] = answer.context["form"].errors["file"]
    assert "dài.pdf" in said
    assert "quản trị" in said
    assert not Document.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_taken_while_the_scanner_is_away_and_old_files_stay(client, kind, settings, files_on_disk):
    model, name, clean = KINDS[kind]
    assert send(client, kind, name, clean).status_code == 302
    kept = model.objects.get()
    with clamd_of(settings):
        pass  # it has gone
    answer = send(client, kind, name, clean)
    assert name in answer.context["form"].errors["file"][0]
    assert model.objects.get() == kept
    address = reverse(f"{kind}:edit", args=[kept.pk])
    assert client.post(address, {"title": "Tên mới", "collection": kept.collection_id}).status_code == 302
    kept.refresh_from_db()
    assert kept.title == "Tên mới"
