"""Contact cards, forms, starts and broken pictures on pages: what they show, to whom, and until when."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.blocks import StructBlockValidationError
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection

from home.base import serving
from home.base.models import CollectionAudience
from home.pages.blocks import BodyBlock
from home.pages.models import StandardPage
from home.pages.sections import open_section
from tests.counting import cost_of
from tests.factories.flows import make_office, signature_flow
from tests.factories.forms import make_form_page
from tests.factories.pages import make_home, make_news, make_page
from tests.factories.people import DepartmentFactory, UserFactory, browser, make_member
from tests.home.pages.test_costs import picture

pytestmark = pytest.mark.django_db
SECRET = "Phương án sáp nhập"


def page_with(*blocks, **fields):
    """Return a published page with these blocks, as the database holds them."""
    body = json.dumps([{"type": kind, "value": value} for kind, value in blocks])
    return make_page(title="Trang", body=body, **fields)


def text(client, page):
    return client.get(page.url).content.decode()


@pytest.fixture
def finance():
    make_home()
    return DepartmentFactory(name="Phòng Tài chính", code="TC", phone="028 1234")


def test_a_contact_card_says_what_the_directory_says_today(finance):
    person = make_member(finance, last_name="Trần", phone="0903 111 222", room="P. 205", email="t@x.vn")
    page = page_with(
        ("contact", {"title": "Liên hệ", "person": person.pk, "department": None, "note": "Sổ văn bản"}),
        ("contact", {"title": "", "person": None, "department": finance.pk, "note": ""}),
    )
    client = browser(make_member(DepartmentFactory()))
    for shown in (text(client, page), text(client, page)):
        for word in ("Trần", "tel:0903111222", "P. 205", "mailto:t@x.vn", "Sổ văn bản", "028 1234"):
            assert word in shown, word
    assert len(serving.shelf._held) >= 1
    person.room = "P. 999"
    person.save()
    assert "P. 999" in text(client, page)
    person.is_active = False
    person.save()
    shown = text(client, page)
    assert "0903" not in shown and "Sổ văn bản" not in shown and "028 1234" in shown
    with pytest.raises(StructBlockValidationError):
        block = BodyBlock().child_blocks["contact"]
        block.clean(block.to_python({"title": "", "person": None, "department": None, "note": ""}))


def test_a_form_shows_whether_it_is_open_to_those_who_may_see_it(finance):
    form = make_form_page(title="Đăng ký xe", closes_at=timezone.now() + timedelta(hours=1))
    hidden = make_form_page(title=SECRET, departments=[finance])
    page = page_with(*(("form", {"page": one.pk, "text": ""}) for one in (form, hidden)))
    inside, outside = browser(make_member(finance)), browser(make_member(DepartmentFactory()))
    serving.shelf.clear()
    shown = text(outside, page)
    assert "Đăng ký xe" in shown and "Điền biểu mẫu" in shown and SECRET not in shown
    assert SECRET in text(inside, page)
    assert not serving.shelf._held  # the hour decides
    form.closes_at = timezone.now() - timedelta(minutes=1)
    form.save()
    assert "Điền biểu mẫu" not in text(outside, page)
    hidden.unpublish()
    assert SECRET not in text(inside, page)


def test_a_start_is_offered_to_those_who_may_start_it():
    office = make_office()
    make_home()
    version = office.publish()
    code = version.type.code
    page = page_with(("start", {"what": f"dossier:{code}", "text": "Bắt đầu ở đây"}))
    client = browser(office.tc1)
    serving.shelf.clear()
    shown = text(client, page)
    assert f"/dossiers/new/{code}/" in shown and "Bắt đầu ở đây" in shown
    assert not serving.shelf._held
    block = BodyBlock().child_blocks["start"].child_blocks["what"]
    assert f"dossier:{code}" in dict(block.field.choices)
    version.type.is_active = False
    version.type.save()
    assert "Bắt đầu ở đây" not in text(client, page)
    page.body = json.dumps([{"type": "start", "value": {"what": "khong:co", "text": "Bắt đầu ở đây"}}])
    page.save()
    assert client.get(page.url).status_code == 200 and "Bắt đầu ở đây" not in text(client, page)


def test_a_start_for_some_departments_is_no_button_for_others():
    from home.base.api import start_offer

    office = make_office()
    version = office.publish(signature_flow() | {"start": {"departments": ["TC"]}})
    chosen = f"dossier:{version.type.code}"
    assert start_offer(office.tc1, chosen).url.startswith("/dossiers/new/")
    assert start_offer(office.people["outsider"], chosen) is None


def test_a_picture_that_is_broken_or_gone_costs_no_page(finance, files_on_disk):
    gone, broken, cut = picture(1), picture(2), picture(3)
    gone.file.storage.delete(gone.file.name)
    for image, content in ((broken, b"khong phai anh"), (cut, b"\x89PNG\r\n\x1a\n" + b"\0" * 20)):
        with image.file.storage.open(image.file.name, "wb") as file:
            file.write(content)
    value = [
        {"image": {"image": i.pk, "alt_text": "Lễ", "decorative": False}, "caption": ""}
        for i in (gone, broken, cut)
    ]
    page = page_with(*(("picture", one) for one in value), ("gallery", {"title": "", "pictures": value}))
    client = browser(make_member(finance))
    shown = text(client, page)
    assert shown.count("không hiển thị được ảnh") == 6
    news = make_news(title="Tin có ảnh hỏng", image=broken, is_lead=True)
    assert "không hiển thị được ảnh" in text(client, news)
    assert "Tin có ảnh hỏng" in client.get("/tin-tuc/").content.decode()
    assert get_image_model().objects.count() == 3


def test_documents_of_a_department_stand_on_its_page_for_those_who_may_open_them(finance):
    section = open_section(finance, by=UserFactory(is_superuser=True))
    below = section.collection.add_child(name="Nội bộ")
    Collection.get_first_root_node().add_child(name="Khác")
    for number, collection in enumerate((section.collection, below)):
        get_document_model().objects.create(
            title=["Quy chế", SECRET][number],
            file=ContentFile(b"x" * 2048, name=f"a{number}.pdf"),
            collection=collection,
        )
    get_document_model().objects.update(file_size=2048)  # as uploads do
    CollectionAudience.objects.create(collection=below).departments.add(finance)
    inside, outside = browser(make_member(finance)), browser(make_member(DepartmentFactory()))
    address = "/departments/TC/"
    for client, sees in ((outside, False), (inside, True), (outside, False)):
        shown = client.get(address).content.decode()
        assert "Quy chế" in shown and "2,0" in shown and (SECRET in shown) == sees
    below.audience.departments.clear()
    below.audience.delete()
    assert SECRET in outside.get(address).content.decode()
    few = len(cost_of(outside, address)[1])
    for number in range(8):
        inner = section.collection.add_child(name=f"Ngăn {number}")
        get_document_model().objects.create(title="x", file=ContentFile(b"x", name="b.pdf"), collection=inner)
    assert len(cost_of(outside, address)[1]) == few


def test_pages_without_such_blocks_are_kept_as_before(finance):
    page = page_with(("text", "<p>Chữ</p>"))
    assert StandardPage.objects.get(pk=page.pk).may_be_kept()


def test_a_start_whose_version_cannot_be_read_is_no_button(monkeypatch):
    from home.base.api import start_offer
    from workflows.dossiers.api import FlowVersion

    office = make_office()
    version = office.publish(signature_flow())
    FlowVersion.objects.filter(pk=version.pk).update(sha256="0" * 64)
    monkeypatch.setattr("workflows.definitions.stored._parsed", {})
    assert start_offer(office.tc1, f"dossier:{version.type.code}") is None
