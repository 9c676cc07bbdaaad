"""How many people read a piece of news: each counts once a day, and after two days nobody is known any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.people.api import remembered

#: “Most read” looks back so many whole days. Today is left out: lists are kept for a day.
DAYS = 30
MOST_READ = 5


class NewsVisit(models.Model):
    """Somebody read this page today. Only there so that nobody counts twice; `forget_visits` deletes it."""

    page = models.ForeignKey("pages.NewsPage", models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField(default=timezone.localdate, db_index=True)

    class Meta:
        verbose_name = _("visit of today")
        verbose_name_plural = _("visits of today")
        constraints = [models.UniqueConstraint(fields=["page", "user", "day"], name="news_visit_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.day}"


class NewsReaders(models.Model):
    """How many people read a page on one day."""

    page = models.ForeignKey("pages.NewsPage", models.CASCADE, related_name="readers_by_day")
    day = models.DateField()
    readers = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("readers of a day")
        verbose_name_plural = _("readers of days")
        constraints = [models.UniqueConstraint(fields=["page", "day"], name="news_readers_day")]
        indexes = [models.Index(fields=["day", "page"], name="news_readers_since")]

    def __str__(self) -> str:
        return f"{self.page_id} – {self.day}: {self.readers}"


@transaction.atomic
def count_reader(page: Any, *, by: Any) -> bool:
    """Count `by` as a reader of the page, once a day; return whether it was the first time today."""
    today = timezone.localdate()
    _visit, is_new = NewsVisit.objects.get_or_create(page_id=page.pk, user_id=by.pk, day=today)
    if is_new:
        NewsReaders.objects.get_or_create(page_id=page.pk, day=today)
        NewsReaders.objects.filter(page_id=page.pk, day=today).update(readers=F("readers") + 1)
    return is_new


class MostRead(NamedTuple):
    """One line of the list of what is read most."""

    title: str
    url: str
    readers: int


def most_read(user: Any) -> tuple[MostRead, ...]:
    """Return the news that `user` may see and that most people read within `DAYS` days up to yesterday.

    Two queries, none while no page and nobody's reach changes: numbers of whole days stay as they are.
    """
    return remembered(user, "most read", lambda: tuple(_most_read(user)))


def _most_read(user: Any) -> Iterator[MostRead]:
    from .articles import NewsPage

    today = timezone.localdate()
    seen = NewsPage.objects.visible_to(user).order_by()
    counted = NewsReaders.objects.filter(day__range=(today - timedelta(days=DAYS), today - timedelta(days=1)))
    rows = counted.filter(page__in=seen.values("pk")).values_list("page").annotate(total=Sum("readers"))
    totals = dict(rows.order_by("-total", "-page")[:MOST_READ])
    pages = seen.in_bulk(list(totals)) if totals else {}
    for pk, readers in totals.items():
        if pk in pages:
            yield MostRead(pages[pk].title, pages[pk].url or "/", readers)


def forget_visits() -> int:
    """Delete who read what before yesterday; numbers stay. Return how many rows went. Run by the clock each night."""
    before = timezone.localdate() - timedelta(days=1)
    deleted, _each = NewsVisit.objects.filter(day__lt=before).delete()
    return deleted
