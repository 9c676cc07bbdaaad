"""News: categories, the lead story, related news, what is read most; behind the gate, and at a fixed cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from home.base import serving
from home.pages.models import NewsCategory, NewsReaders, NewsVisit, RelatedNews
from home.pages.readership import count_reader, forget_visits, most_read
from home.pages.related import related_to
from tests.counting import cost_of, listed, writes
from tests.factories.pages import make_home, make_news, make_news_index
from tests.factories.people import DepartmentFactory, browser, make_member
from tests.home.pages.test_costs import picture

pytestmark = pytest.mark.django_db
SECRET = "Phương án sáp nhập"


@pytest.fixture
def finance():
    make_home()
    make_news_index()
    return DepartmentFactory(name="Phòng Tài chính")


@pytest.fixture
def insider(finance):
    return make_member(finance)


@pytest.fixture
def outsider(finance):
    return make_member(DepartmentFactory(name="Phòng Văn hóa"))


def text(client, url):
    return client.get(url).content.decode()


def read(page, number, days_ago=1):
    """Note that so many people read the page."""
    day = timezone.localdate() - timedelta(days=days_ago)
    NewsReaders.objects.create(page=page, day=day, readers=number)


def test_the_list_is_filtered_by_a_category_whose_address_lasts(finance, outsider):
    reform = NewsCategory.objects.create(code="cai-cach", name="Cải cách hành chính")
    make_news(title="Một cửa điện tử", category=reform)
    make_news(title=SECRET, category=reform, audience_departments=[finance])
    make_news(title="Hội thao")
    client = browser(outsider)
    shown = text(client, "/tin-tuc/?category=cai-cach")
    assert "Một cửa điện tử" in shown and "Hội thao" not in shown and SECRET not in shown
    assert "Hội thao" in text(client, "/tin-tuc/?category=khong-co")
    serving.shelf.clear()
    assert "Cải cách hành chính" in text(client, "/tin-tuc/")
    reform.name = "Cải cách thủ tục"
    reform.save()
    assert "Cải cách thủ tục" in text(client, "/tin-tuc/")


def test_the_newest_lead_story_that_the_reader_may_see_stands_on_top(finance, insider, outsider):
    client = browser(outsider)
    make_news(title="Tin thường", published_on=timezone.localdate())
    assert "story-title" not in text(client, "/tin-tuc/")
    make_news(title="Tin dẫn cũ", is_lead=True)
    make_news(title=SECRET, is_lead=True, published_on=timezone.localdate(), audience_departments=[finance])
    shown = text(client, "/tin-tuc/")
    assert shown.index("story-title") < shown.index("Tin dẫn cũ") < shown.index("Tin thường")
    assert shown.count("Tin dẫn cũ") == 1 and SECRET not in shown
    assert SECRET in text(browser(insider), "/tin-tuc/").split("news-list")[0]
    assert "story-title" not in text(client, "/tin-tuc/?period=year")


def test_related_news_are_the_editors_choice_then_the_category_and_only_what_is_seen(
    finance, insider, outsider
):
    reform = NewsCategory.objects.create(code="cai-cach", name="Cải cách")
    page = make_news(title="Trang này", category=reform)
    chosen = make_news(title="Đã chọn")
    hidden = make_news(title=SECRET, audience_departments=[finance])
    same = [make_news(title=f"Cùng mục {n}", category=reform) for n in range(7)]
    make_news(title="Mục khác")
    for order, target in enumerate([hidden, chosen]):
        RelatedNews.objects.create(page=page, target=target, sort_order=order)
    titles = [str(one) for one in related_to(page, outsider)]
    assert titles[0] == "Đã chọn" and len(titles) == 5
    assert set(titles[1:]) <= {str(one) for one in same}
    assert [str(one) for one in related_to(page, insider)][:2] == [SECRET, "Đã chọn"]
    assert SECRET in text(browser(insider), page.url) and SECRET not in text(browser(outsider), page.url)
    alone = make_news(title="Không mục")
    assert str(related_to(alone, outsider)[0]) == "Mục khác"  # the newest of the section


def test_a_reader_counts_once_a_day_and_is_forgotten(finance, insider, outsider):
    page = make_news(title="Đọc nhiều")
    hidden = make_news(title=SECRET, audience_departments=[finance])
    client = browser(outsider)
    for _again in range(3):
        assert client.post(reverse("news_visit", args=[page.pk])).status_code == 200
    assert client.post(reverse("news_visit", args=[hidden.pk])).status_code == 404
    assert client.get(reverse("news_visit", args=[page.pk])).status_code == 405
    assert browser(insider).post(reverse("news_visit", args=[page.pk])).status_code == 200
    assert NewsReaders.objects.get().readers == 2
    NewsVisit.objects.update(day=timezone.localdate() - timedelta(days=2))
    assert forget_visits() == 2
    assert count_reader(page, by=outsider) is True
    assert NewsReaders.objects.get().readers == 3


def test_most_read_ranks_whole_days_and_hides_what_the_reader_may_not_see(finance, insider, outsider):
    first, second, old = (make_news(title=f"Bài {n}") for n in ("nhất", "nhì", "cũ"))
    hidden = make_news(title=SECRET, audience_departments=[finance])
    for page, number, days_ago in (
        (first, 9, 1),
        (first, 9, 20),
        (second, 12, 2),
        (old, 99, 31),
        (hidden, 50, 1),
    ):
        read(page, number, days_ago)
    read(second, 90, 0)
    assert [(one.title, one.readers) for one in most_read(outsider)] == [("Bài nhất", 18), ("Bài nhì", 12)]
    assert most_read(insider)[0].title == SECRET
    for address in ("/", "/tin-tuc/"):
        assert "18 lượt đọc" in text(browser(outsider), address), address
        assert SECRET in text(browser(insider), address)
    assert SECRET not in text(browser(outsider), "/tin-tuc/")


@pytest.mark.parametrize("number", [2, 30])
def test_costs_do_not_grow_with_what_there_is(finance, insider, number):
    """Everything at once: lead story with a picture, categories, related, most read, stars, comments."""
    from tests.home.pages.test_comments import say

    reform = NewsCategory.objects.create(code="cai-cach", name="Cải cách")
    pages = [
        make_news(title=f"Tin {n}", category=reform, is_lead=n == 1, image=picture(n), department=finance)
        for n in range(number)
    ]
    for page in pages:
        read(page, 5)
        RelatedNews.objects.create(page=pages[0], target=page)
        say(pages[0], make_member(finance), state="shown")
    client = browser(insider)
    for address in ("/tin-tuc/?period=", f"{pages[0].url}?x=1", reverse("news_talk", args=[pages[0].pk])):
        _answer, queries = cost_of(client, address)  # with words after it, no page is kept
        assert len(queries) <= 12, (address, listed(queries))
        assert not writes(queries)
