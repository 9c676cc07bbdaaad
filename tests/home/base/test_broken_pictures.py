"""A picture that is cut off or only pretends to be one is refused by the admin with a reason, and nothing is stored."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Drawing
from wagtail.images.models import Image
from wagtail.models import Collection

from tests.factories.people import UserFactory, browser

pytestmark = pytest.mark.django_db


def drawn(kind):
    out = BytesIO()
    Drawing.effect_noise((400, 300), 90).convert("RGB").save(out, kind)
    return out.getvalue()


WHOLE = {kind: drawn(kind) for kind in ("JPEG", "PNG", "WEBP")}
BROKEN = {
    "cut.jpg": WHOLE["JPEG"][:3000],
    "late.jpg": WHOLE["JPEG"][:-9000],
    "cut.png": WHOLE["PNG"][:3000],
    "cut.webp": WHOLE["WEBP"][:3000],
    "begins.jpg": b"\xff\xd8\xff\xe0garbage",
    "text.png": b"no picture",
    "script.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "other.png": WHOLE["JPEG"],
}


def test_broken_pictures_are_refused_and_whole_ones_stored(files_on_disk):
    client = browser(UserFactory(is_superuser=True, language="vi"))
    place = Collection.get_first_root_node().pk

    def send(name, content, address="wagtailimages:add"):
        data = {"title": name, "collection": place, "file": SimpleUploadedFile(name, content)}
        return client.post(reverse(address), data)

    for name, content in BROKEN.items():
        answer = send(name, content)
        assert answer.status_code == 200, name
        [said] = answer.context["form"].errors["file"]
        assert "ảnh" in said, (name, said)
    assert not Image.objects.exists()
    for kind, ending in (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")):
        assert send(f"whole.{ending}", WHOLE[kind]).status_code == 302
    several = client.post(
        reverse("wagtailimages:add_multiple"),
        {"collection": place, "files[]": SimpleUploadedFile("cut.jpg", BROKEN["late.jpg"])},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert several.json()["success"] is False
    assert Image.objects.count() == 3
