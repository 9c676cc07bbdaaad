"""The search finds Vietnamese with and without diacritics."""

from __future__ import annotations

import pytest

from tests.factories.pages import make_news, make_notice, make_page
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    client.force_login(make_member(DepartmentFactory(name="Phòng Đô thị")))
    return client


def found(reader, query):
    response = reader.get("/search/", {"q": query})
    assert response.status_code == 200
    page_of = response.context["page_of"]
    return [page.title for page in page_of.object_list] if page_of else []


@pytest.mark.parametrize("query", ["de an", "Đề án", "ĐỀ ÁN", "đề  án do thi", "De\u0302\u0300 a\u0301n"])
def test_diacritics_and_case_do_not_matter(reader, query):
    make_news(title="Đề án đô thị thông minh")
    make_news(title="Hội nghị công chức")
    assert found(reader, query) == ["Đề án đô thị thông minh"]


def test_the_body_and_the_number_are_found(reader):
    make_page(title="Quy chế", body=[("text", "<p>Thời gian nghỉ phép hằng năm</p>")])
    make_notice(title="Nghỉ lễ", number="15/TB-VP", lead="Toàn thể công chức")
    assert found(reader, "nghi phep") == ["Quy chế"]
    assert found(reader, "15/TB-VP") == ["Nghỉ lễ"]
    assert found(reader, "toan the") == ["Nghỉ lễ"]


def test_a_title_stands_before_a_mention(reader):
    make_page(title="Sổ tay", body=[("text", "<p>Xem thêm đề án.</p>")])
    make_page(title="Đề án")
    assert found(reader, "de an")[0] == "Đề án"


def test_the_beginning_of_a_word_is_enough(reader):
    make_news(title="Khánh thành trụ sở")
    assert found(reader, "khan") == ["Khánh thành trụ sở"]


def test_people_are_found_by_name(reader):
    UserFactory(last_name="Nguyễn Văn", first_name="Đức")
    UserFactory(last_name="Trần", first_name="Đức", is_active=False)
    response = reader.get("/search/?q=nguyen van duc")
    [group] = response.context["groups"]
    assert [hit.title for hit in group.hits] == ["Nguyễn Văn Đức"]


def test_unpublished_pages_are_not_found(reader):
    make_news(title="Bản nháp", live=False)
    assert found(reader, "ban nhap") == []


@pytest.mark.parametrize(
    "query", ["", "   ", "\x00", "'\"", "*", "AND OR NOT", "a" * 5000, "((", "%", "-", "de:an", "€"]
)
def test_odd_queries_find_nothing_and_break_nothing(reader, query):
    make_news(title="Tin")
    assert found(reader, query) == []


def test_nothing_found_is_said_with_advice(reader):
    response = reader.get("/search/?q=khongcogi")
    assert 'class="empty"' in response.content.decode()
    assert "khongcogi" in response.content.decode()


def test_the_query_is_shown_as_text(reader):
    response = reader.get("/search/", {"q": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in response.content.decode()
