"""What this room adds to the digest: news and notices that the reader may see."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from home.notifications.api import DigestItem, DigestSection, digest_sections

from .articles import NewsPage, NoticePage

MOST = 100


def _appeared(kind: Any, user: Any, since: datetime, until: datetime) -> list[DigestItem]:
    """Return the articles of one kind that were first published within this time, the newest first."""
    found = kind.objects.visible_to(user).filter(first_published_at__gt=since, first_published_at__lte=until)
    return [
        DigestItem(article.title, article.url or "/", article.lead)
        for article in found.order_by("-first_published_at", "-pk")[:MOST]
    ]


digest_sections.register(
    DigestSection(code="pages.notices", label=_("Notices"), items=partial(_appeared, NoticePage), order=10)
)
digest_sections.register(
    DigestSection(code="pages.news", label=_("News"), items=partial(_appeared, NewsPage), order=20)
)
