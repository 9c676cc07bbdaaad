"""What administrators put above the results of some words, and the record of searches that found nothing.

Both are kept by Wagtail's `search_promotions`. A promoted page is shown only to whoever may see the page.
"""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

from django.db import OperationalError
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import task
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits, SearchPromotion

from home.base.api import Hit, query_words
from home.base.models import BasePage

logger = logging.getLogger(__name__)

#: Searches without a result are forgotten after so many days.
KEPT_DAYS = 90
_LONGEST = 80
#: What may be somebody's number or address is never written down.
_PERSONAL = re.compile(r"@|(?:\d\D?){6,}")


def promoted_for(user: Any, words: list[str]) -> list[Hit]:
    """Return what is promoted for these words, diacritics and case aside. One query; three when there is something."""
    chosen = SearchPromotion.objects.order_by().values_list("query_id", "query__query_string").distinct()
    queries = [pk for pk, text in chosen if query_words(text) == words]
    if not queries:
        return []
    rows = SearchPromotion.objects.filter(query__in=queries).order_by(
        "query", F("sort_order").asc(nulls_last=True), "pk"
    )
    seen = Q(page__isnull=True) | Q(page__in=BasePage.objects.visible_to(user).order_by().values("pk"))
    return [hit for row in rows.filter(seen).select_related("page") if (hit := _hit(row)).url]


def _hit(row: Any) -> Hit:
    page = row.page
    return Hit(
        title=page.title if page is not None else row.external_link_text or row.external_link_url,
        url=(page.url or "") if page is not None else row.external_link_url,
        summary=row.description,
        icon="star",
    )


def note_missed(text: str) -> None:
    """Count a search that found nothing: its words and the day, and nothing of who asked.

    What holds an address or a long number is left out. A database that is busy loses the count, not the page.
    """
    said = " ".join(text.lower().split())
    if not query_words(said) or len(said) > _LONGEST or _PERSONAL.search(said):
        return
    today = QueryDailyHits.objects.filter(query__query_string=said, date=timezone.localdate())
    try:
        if not today.update(hits=F("hits") + 1):
            begin_counting.enqueue(said)
    except OperationalError:
        logger.warning("A search without results could not be counted: the database is busy.")


@task()
def begin_counting(said: str) -> None:
    """Count the first search of a day for these words; the page does not wait for the rows that this takes."""
    Query.get(said).add_hit(timezone.localdate())


def forget_missed() -> None:
    """Forget counts that are old, and words that neither have any nor are promoted."""
    oldest = timezone.localdate() - timedelta(days=KEPT_DAYS)
    QueryDailyHits.objects.filter(date__lt=oldest).delete()
    Query.garbage_collect()
