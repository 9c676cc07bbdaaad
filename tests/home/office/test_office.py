"""What the office is called and how it looks, on every page, for everybody."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from home.office.api import Office, checked_colour, draw_logo, office_name
from home.office.colours import AA, contrast, shades_of
from tests.factories.people import UserFactory

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(size: tuple[int, int] = (900, 300), kind: str = "PNG") -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", size, "#a61c28").save(drawn, kind)
    return SimpleUploadedFile("logo.png", drawn.getvalue(), "image/png")


@pytest.mark.once
def test_a_colour_is_taken_when_white_text_can_be_read_on_it():
    assert checked_colour(" #1D5AA8 ") == "#1d5aa8"
    assert round(contrast("#000000", "#ffffff")) == 21
    with pytest.raises(ValidationError) as refused:
        checked_colour("#ffd24d")
    better = refused.value.params["better"]
    assert better in refused.value.messages[0]
    assert contrast(better, "#ffffff") >= AA
    for bad in ("red", "#12345", "#1d5aa8;}", "url(x)", "#gggggg", ""):
        with pytest.raises(ValidationError):
            checked_colour(bad)


@pytest.mark.once
@pytest.mark.parametrize("colour", ["#1d5aa8", "#a61c28", "#000000", "#0b6b4f", "#767676", "#7a4a00"])
def test_every_shade_of_a_colour_can_be_read(colour):
    one = shades_of(checked_colour(colour))
    for text, grounds in (
        (one.text, (one.soft, "#ffffff", "#f5f6f8")),
        (one.text_dark, (one.soft_dark, "#14181d", "#1b2128", "#20272f")),
        ("#ffffff", (one.ground, one.pressed)),
    ):
        assert all(contrast(text, ground) >= AA for ground in grounds), (text, grounds)


@pytest.mark.once
def test_a_logo_is_drawn_anew_and_drawings_with_scripts_are_refused():
    with Image.open(draw_logo(picture())) as logo:
        assert (logo.format, logo.size) == ("PNG", (512, 171))
    for sent in (SVG, b"", b"\x89PNG broken", b"<html>"):
        with pytest.raises(ValidationError):
            draw_logo(SimpleUploadedFile("logo.png", sent, "image/png"))
    large = SimpleUploadedFile("logo.png", b"0" * (2 * 1024 * 1024 + 1), "image/png")
    with pytest.raises(ValidationError) as refused:
        draw_logo(large)
    assert "2 MB" in refused.value.messages[0]


@pytest.mark.django_db
def test_name_logo_and_colour_show_at_once_for_visitors_and_readers(client, settings):
    settings.WAGTAIL_SITE_NAME = "Chưa đặt tên"
    reader = UserFactory()
    client.force_login(reader)
    page = client.get("/people/").content.decode()
    assert "Chưa đặt tên" in page
    assert "/office/style/" not in page
    office = Office(name="UBND xã Sao Băng", name_en="Sao Bang People's Committee", colour="#a61c28")
    office.logo = picture()
    office.full_clean()
    office.save()
    for browser, address in ((client, "/people/"), (Client(), "/login/")):
        page = browser.get(address).content.decode()
        assert "UBND xã Sao Băng" in page
        assert "/office/style/a61c28.css" in page
        assert f"/office/logo/{office.logo_name}.png" in page
    visitor = Client()
    logo = visitor.get(f"/office/logo/{office.logo_name}.png")
    assert (logo.status_code, logo["Content-Type"]) == (200, "image/png")
    assert b"".join(logo.streaming_content).startswith(b"\x89PNG")
    style = visitor.get("/office/style/a61c28.css")
    assert "--tblr-primary: #a61c28" in style.content.decode()
    for gone in ("/office/logo/other.png", "/office/style/1d5aa8.css"):
        assert visitor.get(gone).status_code == 404
    visitor.cookies["django_language"] = "en"
    assert "Sao Bang People" in visitor.get("/login/").content.decode()
    assert office_name() == "UBND xã Sao Băng"
    office.name, office.language = "Tên mới", "en"
    office.save()
    assert "Tên mới" in client.get("/people/").content.decode()
    assert Client().get("/login/")["Content-Language"] == "en"


@pytest.mark.django_db
def test_the_settings_are_for_whoever_was_given_them(client):
    person, address = UserFactory(), "/admin/settings/office/office/"
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(person)
    assert client.get(address).status_code in (302, 403)
    person.user_permissions.add(Permission.objects.get(codename="change_office"))
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    form = {"name": "Sở Mẫu", "name_en": "", "language": "vi", "colour": "#ffd24d"}
    action = answer.request["PATH_INFO"]
    refused = client.post(action, {**form, "logo": SimpleUploadedFile("x.svg", SVG, "image/svg+xml")})
    assert refused.status_code == 200
    assert set(refused.context["form"].errors) == {"colour", "logo"}
    assert not Office.objects.exclude(name="").exists()
    assert client.post(action, {**form, "colour": "#0B6B4F"}).status_code == 302
    assert Office.objects.get().colour == "#0b6b4f"
