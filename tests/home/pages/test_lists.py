"""News and notice lists: order, filters, pages, empty states, constant queries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.factories.pages import make_news, make_news_index, make_notice, make_notice_index
from tests.factories.people import DepartmentFactory, make_member

pytestmark = pytest.mark.django_db

#: Queries of one page, session, user and bell included.
MOST = {"/tin-tuc/": 15, "/thong-bao/": 14, "/": 17, "/search/?q=tin": 16}


@pytest.fixture(autouse=True)
def own_panels(monkeypatch):
    """Leave out what other rooms and plugins add to the home page and the menu."""
    from home.base.api import menu
    from home.dashboard.api import panels

    for registry, kept in ((panels, {"notices", "news"}), (menu, {"home", "pages"})):
        entries = {code: registry.get(code) for code in registry.codes() if code in kept}
        monkeypatch.setattr(registry, "_entries", entries)


@pytest.fixture
def department():
    return DepartmentFactory(name="Phòng Tổng hợp")


@pytest.fixture
def reader(client, department):
    client.force_login(make_member(department))
    return client


def titles(response):
    return [article.title for article in response.context["page_of"]]


def test_news_stand_newest_first(reader):
    make_news(title="Cũ", published_on=date(2026, 1, 1))
    make_news(title="Mới", published_on=date(2026, 3, 1))
    make_news(title="Giữa", published_on=date(2026, 2, 1))
    assert titles(reader.get("/tin-tuc/")) == ["Mới", "Giữa", "Cũ"]


def test_pinned_notices_stand_on_top_until_their_day_is_over(reader):
    today = timezone.localdate()
    make_notice(title="Mới", published_on=today)
    make_notice(title="Ghim", published_on=today - timedelta(days=9), pinned_until=today)
    make_notice(title="Hết ghim", published_on=today - timedelta(days=8), pinned_until=today - timedelta(1))
    response = reader.get("/thong-bao/")
    assert titles(response) == ["Ghim", "Mới", "Hết ghim"]
    assert response.content.decode().count("icon-sm") >= 1


def test_lists_filter_by_department_period_and_urgency(reader, department):
    today = timezone.localdate()
    other = DepartmentFactory()
    make_notice(title="Một", department=department, published_on=today, urgency="express")
    make_notice(title="Hai", department=other, published_on=today - timedelta(days=20))
    make_notice(title="Ba", department=other, published_on=date(today.year - 1, 6, 1))
    assert titles(reader.get(f"/thong-bao/?department={department.pk}")) == ["Một"]
    assert titles(reader.get("/thong-bao/?period=week")) == ["Một"]
    assert titles(reader.get("/thong-bao/?period=month")) == ["Một", "Hai"]
    assert titles(reader.get("/thong-bao/?period=last_year")) == ["Ba"]
    assert titles(reader.get("/thong-bao/?urgency=express")) == ["Một"]


def test_senseless_filters_and_page_numbers_do_not_break_the_list(reader):
    make_notice(title="Một")
    for query in (
        "department=x",
        "department=99999999999999999999",
        "period=%00",
        "urgency=1",
        "page=abc",
        "page=-5",
    ):
        response = reader.get(f"/thong-bao/?{query}")
        assert response.status_code == 200, query


def test_a_list_without_matches_offers_to_show_everything(reader):
    make_notice(published_on=date(2020, 1, 1))
    response = reader.get("/thong-bao/?period=week")
    assert titles(response) == []
    assert 'class="empty"' in response.content.decode()


def test_an_empty_section_says_so(reader):
    make_news_index()
    assert 'class="empty"' in reader.get("/tin-tuc/").content.decode()


def test_long_lists_have_pages_that_keep_the_filter(reader, department):
    section = make_notice_index()
    for number in range(23):
        make_notice(section, title=f"Thông báo {number}", department=department)
    response = reader.get(f"/thong-bao/?department={department.pk}")
    assert len(titles(response)) == 20
    assert f"?department={department.pk}&amp;page=2" in response.content.decode()
    assert len(titles(reader.get(f"/thong-bao/?department={department.pk}&page=2"))) == 3


@pytest.mark.parametrize(
    ("make", "address"),
    [
        (make_news, "/tin-tuc/"),
        (make_notice, "/thong-bao/"),
        (make_notice, "/"),
        (make_news, "/"),
        (make_news, "/search/?q=tin"),
    ],
)
def test_queries_stay_few_and_constant(reader, department, make, address):
    extra = {"image": _image()} if make is make_news else {}
    for number in range(3):
        make(title=f"Tin {number}", department=department, audience_departments=[department], **extra)
    reader.get(address)
    few = _count(reader, address)
    for number in range(12):
        make(title=f"Tin thêm {number}", department=DepartmentFactory(), **extra)
    reader.get(address)
    many = _count(reader, address)
    assert many == few
    assert many <= MOST[address]


@pytest.mark.parametrize("make", [make_news, make_notice])
def test_an_article_costs_few_queries(reader, make):
    pages = [make(title=f"Tin {number}") for number in range(7)]
    reader.get(pages[0].url)
    assert _count(reader, pages[0].url) <= 14


def _count(client, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def _image():
    from wagtail.images.models import Image
    from wagtail.images.tests.utils import get_test_image_file

    cache.clear()
    return Image.objects.create(title="Ảnh", file=get_test_image_file())
