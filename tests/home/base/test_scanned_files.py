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
