"""What this room shows on the page of a department: its notices, news, pages, forms and documents."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from home.base.api import documents_for
from home.people.api import Department, UnitPart, remembered, unit_parts

from .articles import NewsPage, NoticePage
from .department_sections import DepartmentSection
from .form_page import FormPage
from .plain import StandardPage

SIZE = 5
DOCUMENTS = 12


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


def documents(request: HttpRequest, unit: Any) -> dict[str, Any] | None:
    """Return the newest documents of a department's collection, and of those below it, that the reader may open."""
    if not isinstance(unit, Department):
        return None
    above = remembered(request.user, ("documents of", unit.pk), lambda: _collection_of(unit))
    if not above:
        return None
    rows = documents_for(request.user).filter(collection__path__startswith=above)
    found = list(rows.order_by("-created_at", "-pk")[:DOCUMENTS])
    return {"documents": found} if found else None


def _collection_of(unit: Department) -> str:
    """Return where the collection of a department's section hangs in the tree, empty where there is none."""
    section = DepartmentSection.objects.filter(department=unit).select_related("collection").first()
    return section.collection.path if section is not None and section.collection is not None else ""


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
    UnitPart(
        code="documents",
        label=_("Documents"),
        template="pages/panels/documents.html",
        context=documents,
        icon="files",
        order=50,
    ),
):
    unit_parts.register(_part)
