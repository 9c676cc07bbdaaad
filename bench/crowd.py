"""A big intranet: thousands of people, departments and news, copied by the database itself from real rows.

Titles are drawn as in `bench.mass`. Of ten pieces of news six are for everyone; the others are for one department of a
hundred. The index of the search is written by the product itself.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Max

from bench.mass import (
    THINGS,
    VERBS,
    copy_rows,
    drawn,
    make_people,
    moment,
    next_key,
    number_of,
    refresh_statistics,
    reset_sequences,
    store_choices,
    word,
)
from home.base.api import reindex
from home.base.audiences import canonical, digest
from home.base.models import AudienceRule, BasePage
from home.pages.api import NewsIndexPage, NewsPage
from home.people.api import Department, renew_stamp

#: The signs of treebeard's paths, and how many make one step of them.
_DIGITS, _STEP = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 4
_FIVE_YEARS = 5 * 365
_UNITS = "DD"


def make_crowd(number: int) -> None:
    """Add people and departments, fifty people each, and an audience of each department."""
    make_people(number, called="crowd", units_called=_UNITS)
    rules = [_rule_for(unit) for unit in Department.objects.filter(code__startswith=_UNITS).order_by("pk")]
    store_choices("bench_rules", [(rule, 0) for rule in rules])
    reindex(["people", "departments"])


def _rule_for(unit: Department) -> int:
    clauses = canonical([[f"department:{unit.pk}"]])
    return AudienceRule.objects.create(digest=digest(clauses), clauses=clauses).pk


def make_news(number: int, total: int) -> None:
    """Add so many pieces of news to the section of the office, dated over five years when there will be `total`."""
    parent = NewsIndexPage.objects.order_by("depth", "pk")[0]
    model = NewsPage.objects.child_of(parent).live().order_by("pk")[0]
    last = BasePage.objects.child_of(parent).aggregate(Max("path"))["path__max"]
    first, step = next_key(BasePage), int(last[-_STEP:], 36) + 1
    made = NewsPage.objects.filter(slug__startswith="do-").count()
    page = {
        "path": f"'{parent.path}' || {_path(f'({step} + n)')}",
        "slug": f"'do-' || ({made} + n)",
        "url_path": f"'{parent.url_path}do-' || ({made} + n) || '/'",
        "title": _title(made),
        "draft_title": _title(made),
        "translation_key": _uuid(f"({made} + n)"),
        "audience": f"CASE WHEN {_is_open(made)} THEN 'everyone' ELSE 'departments' END",
        "audience_rule_id": f"CASE WHEN {_is_open(made)} THEN NULL ELSE r.a END",
        "first_published_at": moment(f"n * {_FIVE_YEARS * 1440 / total:.3f}"),
        "live_revision_id": "NULL",
        "latest_revision_id": "NULL",
    }
    rule = drawn(7_919, number_of("bench_rules"))
    copy_rows(BasePage, model.pk, first, number, page, joins=f"JOIN bench_rules r ON r.k = {rule}")
    days = f"n * {_FIVE_YEARS / total:.6f}"
    copy_rows(NewsPage, model.pk, first, number, {"published_on": _day(days), "is_lead": "false"})
    BasePage.objects.filter(pk=parent.pk).update(numchild=parent.numchild + number)
    reset_sequences([BasePage])
    reindex(["news"])
    renew_stamp()
    refresh_statistics()


def _is_open(made: int) -> str:
    return f"(({made} + n) % 10 < 6)"


def _title(made: int) -> str:
    return f"{word(VERBS, 611_953)} || ' ' || {word(THINGS, 1_299_709)} || ' số ' || ({made} + n)"


def _path(step: str) -> str:
    """Return a number as one step of a path, as SQL."""
    places = [36**power for power in reversed(range(_STEP))]
    return " || ".join(f"substr('{_DIGITS}', ({step} / {place}) % 36 + 1, 1)" for place in places)


def _uuid(number: str) -> str:
    """Return a number as a UUID, as SQL."""
    if connection.vendor == "postgresql":
        return f"lpad(to_hex({number}), 32, '0')::uuid"
    return f"printf('%032x', {number})"


def _day(days_ago: str) -> str:
    if connection.vendor == "postgresql":
        return f"CURRENT_DATE - CAST({days_ago} AS integer)"
    return f"date('now', '-' || CAST({days_ago} AS integer) || ' days')"
