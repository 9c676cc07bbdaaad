"""A first guess at the days off of a year, for a clerk to correct once they are announced."""

from __future__ import annotations

from datetime import date

from holidays import country_holidays

from .models import Holiday


def first_guess(year: int) -> list[tuple[date, str]]:
    """Return the expected public holidays of Vietnam in `year` with their Vietnamese names, in order.

    Tết and Giỗ Tổ follow the lunar calendar; swapped days appear only once the library knows them.
    """
    return sorted(country_holidays("VN", years=year, language="vi").items())


def fill(year: int) -> int:
    """Add the guessed holidays of `year` that have no row yet, marked as not announced; return how many."""
    known = set(Holiday.objects.filter(on__year=year).values_list("on", flat=True))
    rows = [
        Holiday(on=day, name=name, confirmed=False) for day, name in first_guess(year) if day not in known
    ]
    Holiday.objects.bulk_create(rows)
    return len(rows)
