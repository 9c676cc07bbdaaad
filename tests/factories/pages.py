"""A small page tree for tests: home, news, notices, and pages below them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from wagtail.models import Site

from home.base.models import BasePage
from home.pages.api import HomePage, NewsIndexPage, NewsPage, NoticeIndexPage, NoticePage, StandardPage
from home.people.api import Department


def make_home(**fields: Any) -> HomePage:
    """Return the home page at `/`, made once: the site of the migrations is taken over."""
    found = HomePage.objects.first()
    if found is not None:
        return found
    root = BasePage.get_first_root_node()
    page = root.add_child(instance=HomePage(**{"title": "Trang chủ", "slug": "trang-chu-moi", **fields}))
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", root_page=page, is_default_site=True)
    else:
        site.root_page = page
        site.save()
    return page


def make_news_index(parent: BasePage | None = None, **fields: Any) -> NewsIndexPage:
    """Return a news section, below the home page by default."""
    return _child(parent or make_home(), NewsIndexPage, {"title": "Tin tức"} | fields)


def make_notice_index(parent: BasePage | None = None, **fields: Any) -> NoticeIndexPage:
    """Return a notice section, below the home page by default."""
    return _child(parent or make_home(), NoticeIndexPage, {"title": "Thông báo"} | fields)


def make_news(parent: NewsIndexPage | None = None, **fields: Any) -> NewsPage:
    """Return published news; `audience_departments=[…]` or `audience_readers=["person:1"]` restricts it."""
    section = parent or NewsIndexPage.objects.first() or make_news_index()
    return _child(section, NewsPage, {"title": "Khai trương", "published_on": date(2026, 11, 2)} | fields)


def make_notice(parent: NoticeIndexPage | None = None, **fields: Any) -> NoticePage:
    """Return a published notice; `audience_departments=[…]` restricts it."""
    section = parent or NoticeIndexPage.objects.first() or make_notice_index()
    return _child(section, NoticePage, {"title": "Nghỉ lễ", "published_on": date(2026, 11, 2)} | fields)


def make_page(parent: BasePage | None = None, **fields: Any) -> StandardPage:
    """Return a published standard page."""
    return _child(parent or make_home(), StandardPage, {"title": "Quy chế"} | fields)


def restrict(page: BasePage, departments: Iterable[Department]) -> BasePage:
    """Give an existing page to these departments only."""
    page.audience = BasePage.Audience.LIMITED
    page.audience_departments.set(departments)
    page.save()
    return page


def _child(parent: BasePage, model: type[BasePage], fields: dict[str, Any]) -> Any:
    departments = fields.pop("audience_departments", None)
    if departments is not None or "audience_readers" in fields:
        fields["audience"] = BasePage.Audience.LIMITED
    page = model(**fields)
    if departments is not None:
        page.audience_departments.set(departments)
    parent.refresh_from_db()
    return parent.add_child(instance=page)
