"""Panels of the personal home page: notices, news, and the meetings of today."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from home.dashboard.api import Column, Panel, panels
from home.meetings.api import today_for
from home.people.api import department_of, remembered, roles_of

from .articles import ArticleIndex, NewsIndexPage, NewsPage, NoticeIndexPage, NoticePage
from .readership import most_read
from .reading import to_read
from .receipts import last_receipt

TO_READ = 5
NOTICES = 6
NEWS = 4
UNIT_NEWS = 5


def _section_url(index: type[ArticleIndex], user: Any) -> str:
    """Return the address of the first section of this kind that the reader sees."""

    def look_up() -> str:
        section = index.objects.visible_to(user).order_by("depth", "path").first()
        return str(section.url) if section is not None else ""

    return remembered(user, ("section", index), look_up)


def _latest(index: type[ArticleIndex], articles: QuerySet, user: Any) -> dict[str, Any] | None:
    found = list(articles)
    if not found:
        return None
    return {"articles": found, "more_url": _section_url(index, user)}


def reading(request: HttpRequest) -> dict[str, Any] | None:
    """Return the notices that the reader has still to confirm; nothing when there are none."""
    found = list(to_read(request.user)[: TO_READ + 1])
    if not found:
        return None
    more = len(found) > TO_READ
    return {"articles": found[:TO_READ], "more": more, "more_url": reverse("reading_list")}


def _confirmed(request: HttpRequest) -> Hashable:
    """Return what, beside their audience, decides which notices wait for the reader. One query."""
    return last_receipt(request.user)


def notices(request: HttpRequest) -> dict[str, Any] | None:
    """Return the notices that stand on top of the list."""
    return _latest(NoticeIndexPage, NoticePage.listed(request.user)[:NOTICES], request.user)


def news(request: HttpRequest) -> dict[str, Any] | None:
    """Return the latest news."""
    return _latest(NewsIndexPage, NewsPage.listed(request.user)[:NEWS], request.user)


def _units(request: HttpRequest) -> Hashable | None:
    """Return the departments in which the reader holds a place; no query beyond what the reach costs."""
    mine = (role.partition(":") for role in roles_of(request.user) if role.startswith("dept:"))
    return tuple(sorted(int(pk) for _kind, _colon, pk in mine)) or None


def unit_news(request: HttpRequest) -> dict[str, Any] | None:
    """Return the newest news and notices that the reader's own departments answer for. Three queries."""
    units = _units(request) or ()
    rows = [
        article
        for kind in (NewsPage, NoticePage)
        for article in kind.objects.visible_to(request.user)
        .filter(department__in=units)
        .order_by("-published_on", "-pk")[:UNIT_NEWS]
    ]
    if not rows:
        return None
    rows.sort(key=lambda article: (article.published_on, article.pk), reverse=True)
    unit = department_of(request.user)
    more_url = reverse("department", args=[unit.code]) if unit is not None else ""
    return {"articles": rows[:UNIT_NEWS], "more_url": more_url}


def read_most(request: HttpRequest) -> dict[str, Any] | None:
    """Return the news that most people read lately."""
    found = most_read(request.user)
    return {"articles": found, "more_url": _section_url(NewsIndexPage, request.user)} if found else None


def meetings(request: HttpRequest) -> Hashable | None:
    """Return the reader's meetings of today; nothing on a day without any."""
    found = today_for(request.user)
    return tuple((row.pk, row.title, row.starts_at, row.where, str(row.chair or "")) for row in found) or None


def _week(request: HttpRequest) -> dict[str, Any]:
    return {"more_url": reverse("meetings:week")}


panels.register(
    Panel(
        code="reading",
        label=_("To read"),
        template="pages/panels/reading.html",
        context=reading,
        shows=_confirmed,
        same_for_audience=True,
        icon="book",
        order=5,
    )
)
panels.register(
    Panel(
        code="meetings",
        label=_("Today's meetings"),
        template="pages/panels/meetings.html",
        context=_week,
        shows=meetings,
        icon="calendar-week",
        order=15,
    )
)
panels.register(
    Panel(
        code="notices",
        label=_("Notices"),
        template="pages/panels/notices.html",
        context=notices,
        same_for_audience=True,
        icon=NoticePage.front_icon,
        order=20,
    )
)
panels.register(
    Panel(
        code="news",
        label=_("News"),
        template="pages/panels/news.html",
        context=news,
        same_for_audience=True,
        icon=NewsPage.front_icon,
        order=40,
    )
)
panels.register(
    Panel(
        code="most_read",
        label=_("Most read"),
        template="pages/panels/most_read.html",
        context=read_most,
        same_for_audience=True,
        icon="trending-up",
        order=45,
        column=Column.SIDE,
    )
)
panels.register(
    Panel(
        code="unit_news",
        label=_("From my department"),
        template="pages/panels/unit_news.html",
        context=unit_news,
        shows=_units,
        same_for_audience=True,
        icon="building",
        order=30,
        column=Column.SIDE,
    )
)
