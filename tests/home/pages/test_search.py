"""The search finds Vietnamese with and without diacritics, in every kind of thing, and only what the reader may see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model

from home.pages.search_places import renew_places
from tests.factories.pages import make_news, make_notice, make_page
from tests.factories.people import (
    DepartmentFactory,
    MembershipFactory,
    PositionFactory,
    UserFactory,
    make_member,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_help")]


@pytest.fixture
def reader(client):
    client.force_login(make_member(DepartmentFactory(name="Phòng Đô thị"), last_name="Lê", first_name="Na"))
    return client


def groups(reader, query, **more):
    response = reader.get("/search/", {"q": query, **more})
    assert response.status_code == 200
    shown = response.context.get("groups") or []
    return {group.code: [shown.hit.title for shown in group.hits] for group in shown}


def found(reader, query, **more):
    return [title for titles in groups(reader, query, **more).values() for title in titles]


@pytest.mark.parametrize("query", ["de an", "Đề án", "ĐỀ ÁN", "đề  án do thi", "De\u0302\u0300 a\u0301n"])
def test_diacritics_and_case_do_not_matter(reader, query):
    make_news(title="Đề án đô thị thông minh")
    make_news(title="Hội nghị công chức", lead="Cũng nói về đề án đô thị và án văn")
    make_news(title="Hội nghị khác")
    assert found(reader, query) == ["Đề án đô thị thông minh", "Hội nghị công chức"]


def test_the_body_the_number_and_beginnings_are_found(reader):
    make_page(title="Quy chế", body=[("text", "<p>Thời gian nghỉ phép hằng năm</p>")])
    make_notice(title="Nghỉ lễ", number="15/TB-VP", lead="Toàn thể công chức")
    make_news(title="Khánh thành trụ sở")
    assert groups(reader, "nghi phep") == {"pages": ["Quy chế"]}
    assert groups(reader, "15/TB-VP") == {"notices": ["Nghỉ lễ"]}
    assert found(reader, "toan the") == ["Nghỉ lễ"]
    assert found(reader, "khan") == ["Khánh thành trụ sở"]


def test_people_are_found_by_name_position_and_phone(reader):
    duc = UserFactory(last_name="Nguyễn Văn", first_name="Đức", phone="028 3829 6052")
    UserFactory(last_name="Trần", first_name="Đức", is_active=False)
    make_news(title="Chúc mừng đồng chí Nguyễn Văn Đức")
    assert list(groups(reader, "nguyen van duc")) == ["people", "news"]
    assert found(reader, "duc") == ["Nguyễn Văn Đức", "Chúc mừng đồng chí Nguyễn Văn Đức"]
    assert groups(reader, "02838296052") == groups(reader, "3829 6052") == {"people": ["Nguyễn Văn Đức"]}
    place = MembershipFactory(user=duc, position=PositionFactory(name="Chánh văn phòng"))
    assert groups(reader, "chanh van phong") == {"people": ["Nguyễn Văn Đức"]}
    place.position.name = "Phó giám đốc"
    place.position.save()
    assert found(reader, "chanh van phong") == []
    assert found(reader, "pho giam doc") == ["Nguyễn Văn Đức"]
    duc.is_active = False
    duc.save(update_fields=["is_active"])
    assert found(reader, "duc") == ["Chúc mừng đồng chí Nguyễn Văn Đức"]


def test_unpublished_pages_are_not_found_and_expired_ones_in_the_archive_only(reader):
    make_news(title="Bản nháp", live=False)
    make_news(title="Bản nháp cũ", live=False, expired=True)
    make_page(title="Bản nháp của trang", live=False, expired=True)
    assert found(reader, "ban nhap") == []
    response = reader.get("/search/?q=ban+nhap&archive=1")
    assert found(reader, "ban nhap", archive=1) == ["Bản nháp cũ"]
    assert "Lưu trữ" in response.content.decode()


def test_drafts_of_published_pages_are_not_found(reader):
    """The object that keeps a draft holds all of it; the index takes what is published."""
    page = make_news(title="Phân công mới")
    page.title, page.lead = "Bổ nhiệm bí mật", "Chưa công bố"
    page.save_revision()
    assert found(reader, "bo nhiem bi mat") == found(reader, "chua cong bo") == []
    assert found(reader, "phan cong moi") == ["Phân công mới"]
    page.get_latest_revision().publish()
    assert found(reader, "bo nhiem bi mat") == ["Bổ nhiệm bí mật"]


def test_people_are_found_under_places_that_begin_by_date(reader):
    today = timezone.localdate()
    person = UserFactory(last_name="Trần", first_name="Ngọc Bích")
    place = MembershipFactory(
        user=person, position=PositionFactory(name="Kiểm soát viên"), since=today + timedelta(days=3)
    )
    assert groups(reader, "kiem soat vien") == {}
    type(place).objects.filter(pk=place.pk).update(since=today)
    assert renew_places() >= 1
    assert groups(reader, "kiem soat vien") == {"people": ["Trần Ngọc Bích"]}


def test_tags_of_documents_are_found_and_forgotten(reader):
    document = get_document_model().objects.create(title="Biểu mẫu", file=ContentFile(b"x", name="a.txt"))
    document.tags.add("thihanhan")
    assert groups(reader, "thihanhan") == {"documents": ["Biểu mẫu"]}
    document.tags.remove("thihanhan")
    assert groups(reader, "thihanhan") == {}


ODD = [
    "   ",
    "\x00",
    "'\"",
    "*",
    "((",
    "%",
    "_",
    "-",
    "€",
    "\u202e\u200f",
    "NEAR(a b)",
    'title_words : "x" OR ^',
    "de:an | !x <-> y",
    "\\\\",
    "tin" * 17_000,
    "ti n " * 10_000,
    "\ud800",
    "１０ ﬁ ß İ",
    "ก็็็็็ 👩‍👩‍👧 \u0300",
]


def test_odd_queries_find_nothing_and_break_nothing(reader):
    make_news(title="Tin")
    for query in ODD:
        for address in ("/search/", "/search/suggest/"):
            more = {"in": "x'", "page": "-1", "department": "%", "period": "x", "archive": "2"}
            for given in ({}, more):
                response = reader.get(address, {"q": query.encode("utf-8", "surrogatepass"), **given})
                assert response.status_code == 200, repr(query[:30])
                assert "/tin" not in response.content.decode().split("<main")[-1].split("<footer")[0]
    response = reader.get("/search/", {"q": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in response.content.decode()
    assert reader.post("/search/", {"q": "tin"}).status_code == 405
