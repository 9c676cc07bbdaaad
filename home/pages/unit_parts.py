"""What this room shows on the page of a department: its notices, news, pages and forms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from home.people.api import Department, UnitPart, unit_parts

from .articles import NewsPage, NoticePage
from .form_page import FormPage
from .plain import StandardPage

SIZE = 5


def notices(request: HttpRequest, unit: Any) -> dict[str, Any] | None:
    """Return the notices of a department that the reader may see."""
    return _articles(NoticePage, request, unit)


def news(request: HttpRequest, unit: Any) -> dict[str, Any] | None:
    """Return the news of a department that the reader may see."""
    return _articles(NewsPage, request, unit)


def pages(request: HttpRequest, unit: Any) -> dict[str, Any] | None:
    """Return the standing pages of a department that the reader may see."""
    return _titles(StandardPage, request, unit)


def forms(request: HttpRequest, unit: Any) -> dict[str, Any] | None:
    """Return the forms of a department that the reader may see."""
    return _titles(FormPage, request, unit)


def _articles(kind: Any, request: HttpRequest, unit: Any) -> dict[str, Any] | None:
    if not isinstance(unit, Department):
        return None
    found = list(kind.listed(request.user).filter(department=unit)[:SIZE])
    return {"articles": found} if found else None


def _titles(kind: Any, request: HttpRequest, unit: Any) -> dict[str, Any] | None:
    if not isinstance(unit, Department):
        return None
    found = list(kind.objects.visible_to(request.user).filter(department=unit).order_by("title", "pk")[:30])
    return {"pages": found} if found else None


for _part in (
    UnitPart(
        code="notices",
        label=_("Notices"),
        template="pages/panels/notices.html",
        context=notices,
        icon=NoticePage.front_icon,
        order=10,
    ),
    UnitPart(
        code="news",
        label=_("News"),
        template="pages/panels/news.html",
        context=news,
        icon=NewsPage.front_icon,
        order=20,
    ),
    UnitPart(
        code="pages",
        label=_("Pages"),
        template="pages/panels/titles.html",
        context=pages,
        icon=StandardPage.front_icon,
        order=30,
    ),
    UnitPart(
        code="forms",
        label=_("Forms"),
        template="pages/panels/titles.html",
        context=forms,
        icon=FormPage.front_icon,
        order=40,
    ),
):
    unit_parts.register(_part)
