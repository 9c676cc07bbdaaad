"""The week and the calendar feed, full."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bench.comparing import beside_hello, page
from bench.context import Context
from bench.registry import Result, row

WEEK, YEAR = 500, 2_000


@row("schedule.week")
def schedule(context: Context) -> Iterator[Result]:
    """Show a week of 500 meetings. Its goal is a number of queries; the ratio says what 500 rows cost."""
    _meetings(WEEK, timedelta(minutes=13))
    found = page(context, "schedule.week", f"/meetings/?week={_week()}", ratio=1_000, queries=12)
    yield Result(**{**found.as_json(), "goal": "≤ 12 queries", "ok": (found.queries or 99) <= 12})  # type: ignore[arg-type]


@row("feed.year")
def feed(context: Context) -> Iterator[Result]:
    """Give a calendar program 2,000 events of one person."""
    from bench.office import officer
    from home.meetings.models import CalendarFeed

    _meetings(YEAR, timedelta(hours=4))
    token = "b" * 43
    CalendarFeed.objects.update_or_create(user=officer(), defaults={"token": token})
    address = f"/meetings/feed/{token}.ics"
    if context.server.get(address).status != 200:
        raise RuntimeError("The feed cannot be measured.")
    cost, ratio = beside_hello(context, lambda: context.server.get(address), rounds=3, times=3)
    yield Result(
        "feed.year",
        context.database,
        f"{YEAR} events",
        cost.wall_ms,
        baseline="page.hello",
        ratio=ratio,
        goal="≤ 1 s",
        ok=cost.wall_ms <= 1000,
    )


def _week() -> str:
    from django.utils import timezone

    year, week, _day = (timezone.localdate() + timedelta(days=14)).isocalendar()
    return f"{year}-W{week:02d}"


def _meetings(number: int, every: timedelta) -> None:
    """Store meetings from the Monday in two weeks on, each with a person and a department."""
    from datetime import datetime, time

    from django.utils import timezone

    from bench.office import colleague, officer, unit_of
    from home.meetings.models import Meeting

    day = timezone.localdate() + timedelta(days=14)
    monday = timezone.make_aware(datetime.combine(day - timedelta(days=day.weekday()), time(7)))
    person, chair, unit = officer(), colleague(), unit_of(officer())
    rows = [
        Meeting(
            title=f"Họp {n}",
            starts_at=monday + n * every,
            ends_at=monday + n * every + timedelta(hours=1),
            chair=chair,
            organiser=chair,
        )
        for n in range(number)
    ]
    stored = Meeting.objects.bulk_create(rows)
    through_people, through_units = Meeting.people.through, Meeting.departments.through
    through_people.objects.bulk_create([through_people(meeting=m, user=person) for m in stored])
    through_units.objects.bulk_create([through_units(meeting=m, department=unit) for m in stored])
