"""Blocks that show what is so today: only what the reader may see, at the same cost however much there is."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.counting import cost_of, listed
from tests.factories.pages import make_news, make_news_index, make_page
from tests.factories.people import (
    DepartmentFactory,
    MembershipFactory,
    PositionFactory,
    UserFactory,
    make_member,
)
from tests.home.pages.test_costs import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance():
    return DepartmentFactory(name="Phòng Tài chính")


@pytest.fixture
def reader():
    client = Client()
    client.force_login(make_member(DepartmentFactory()))
    return client


def page_with(finance, pictures):
    rows = [
        {
            "image": {"image": image.pk, "alt_text": f"Mô tả {n}", "decorative": False},
            "caption": f"Ảnh số {n}",
        }
        for n, image in enumerate(pictures)
    ]
    body = [
        {"type": "gallery", "value": {"title": "Hội nghị", "pictures": rows}},
        {"type": "people", "value": {"title": "", "department": finance.pk, "who": "leaders"}},
        {"type": "latest_news", "value": {"title": "", "department": None, "number": 5}},
    ]
    page = make_page(title="Giới thiệu")
    page.body = page.body.stream_block.to_python(body)
    page.save()
    return page


def test_pictures_leaders_and_news_are_shown_to_those_who_may_see_them(finance, reader):
    head = make_member(finance, role="head", phone="0280 555 0001", last_name="Trần Thị", first_name="Hoa")
    gone = UserFactory(is_active=False, last_name="Người", first_name="Đã nghỉ")
    MembershipFactory(user=gone, department=finance, position=PositionFactory(), role="deputy")
    make_member(finance, last_name="Lê Văn", first_name="Thường")
    section = make_news_index()
    make_news(section, title="Tin chung")
    make_news(section, title="Tin kín", audience_departments=[finance])
    text = reader.get(page_with(finance, [picture(1), picture(2)]).url).content.decode()
    main = text.split("<main")[1]
    assert 'alt="Mô tả 0"' in main
    assert "Ảnh số 1" in main
    assert str(head) in main
    assert 'href="tel:02805550001"' in main
    assert "Đã nghỉ" not in main
    assert "Thường" not in main
    assert "Tin chung" in main
    assert "Tin kín" not in main
    assert page_with(finance, []).search_text()


def test_the_cost_does_not_grow(finance, reader):
    def cost(number):
        page = page_with(finance, [picture(n) for n in range(number)])
        for n in range(number):
            make_member(finance, role="deputy")
            make_news(title=f"Tin {n}")
        reader.get(page.url)
        _response, queries = cost_of(reader, page.url)
        return len(queries), listed(queries)

    few, _text = cost(2)
    many, text = cost(9)
    assert many == few, text
