"""News that belongs together: what the editor chose, filled up from the same category."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

#: How many stand beside a piece of news.
NUMBER = 5


class RelatedNews(Orderable):
    """One piece of news that the editor of another chose to stand beside it."""

    page = ParentalKey("pages.NewsPage", on_delete=models.CASCADE, related_name="related_news")
    target = models.ForeignKey(
        "pages.NewsPage", models.CASCADE, related_name="+", verbose_name=_("news item")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("related news item")
        verbose_name_plural = _("related news")

    def __str__(self) -> str:
        return str(self.target_id)


def related_to(page: Any, user: Any) -> list[Any]:
    """Return what stands beside `page` for `user`: the choice of its editor as far as the reader may see it, then
    the newest of the same category, else of the same section. Three queries at most.
    """
    from .articles import NewsPage

    seen = NewsPage.objects.visible_to(user).exclude(pk=page.pk)
    keys = [row.target_id for row in page.related_news.all() if row.target_id]
    chosen = seen.in_bulk(keys) if keys else {}
    found = [chosen[key] for key in dict.fromkeys(keys) if key in chosen][:NUMBER]
    if len(found) < NUMBER:
        others = seen.exclude(pk__in=[one.pk for one in found])
        if page.category_id:
            others = others.filter(category=page.category_id)
        else:
            others = others.filter(path__startswith=page.path[: -page.steplen], depth=page.depth)
        newest = others.order_by("-published_on", "-first_published_at", "-pk")
        found += newest[: NUMBER - len(found)]
    return found
