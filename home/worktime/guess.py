"""A first guess at the days off of a year, for a clerk to correct once they are announced."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from holidays import country_holidays
from wagtail.log_actions import log

from .models import Holiday

if TYPE_CHECKING:
    from home.people.models import User


def first_guess(year: int) -> list[tuple[date, str]]:
    """Return the expected public holidays of Vietnam in `year` with their Vietnamese names, in order.

    Tết and Giỗ Tổ follow the lunar calendar; swapped days appear only once the library knows them.
    """
    return sorted(country_holidays("VN", years=year, language="vi").items())


def missing(year: int) -> list[Holiday]:
    """Return the guessed holidays of `year` that have no row yet, unsaved, marked as not announced."""
    known = set(Holiday.objects.filter(on__year=year).values_list("on", flat=True))
    return [
        Holiday(on=day, name=name, confirmed=False) for day, name in first_guess(year) if day not in known
    ]


def fill(year: int, *, by: User | None = None) -> int:
    """Store what is missing of `year`, with an entry in the log of the admin for each row; return how many.

    Rows that exist stay as they are, whatever the guess says.
    """
    with transaction.atomic():
        rows = missing(year)
        Holiday.objects.bulk_create(rows)
        for row in rows:
            log(instance=row, action="wagtail.create", user=by)
    return len(rows)
