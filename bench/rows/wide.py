"""The intranet of a big office: the same pages with 250 and with 10,000 pages, among 5,000 people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bench.comparing import page, wall_ms
from bench.context import Context
from bench.registry import Result, row
from bench.rows.page import COLD

PEOPLE, FEW, MANY = 5_000, 250, 10_000
#: What the same page may cost with many pages, divided by its cost with few: its wall time, as databases work in
#: processes of their own.
GROWTH = {"search.words": 2.0, "search.person": 2.0, "home": 1.3, "news_list": 1.3}


@row("wide")
def wide(context: Context) -> Iterator[Result]:
    """Measure home page, list of news made anew, and searches: queries, cost, growth.

    The words are those of one title in sixteen.
    """
    from bench.crowd import make_crowd, make_news

    addresses = _addresses()
    make_crowd(PEOPLE)
    make_news(FEW, total=MANY)
    context.restart()
    few = {name: wall_ms(context, address) for name, address in addresses.items()}
    make_news(MANY - FEW, total=MANY)
    context.restart()
    goals = {
        "home": (8.0, 15),
        "news_list": (25.0, 12),
        "search.words": (20.0, 15),
        "search.person": (20.0, 15),
    }
    for name, (ratio, queries) in goals.items():
        found = page(context, f"wide.{name}", addresses[name], ratio=ratio, queries=queries)
        yield replace(found, scale=f"{MANY:,} pages, {PEOPLE:,} people")
        growth = wall_ms(context, addresses[name]) / few[name]
        yield replace(
            found,
            name=f"wide.{name}.growth",
            scale=f"{MANY:,} ÷ {FEW} pages",
            baseline=f"with {FEW} pages",
            ratio=growth,
            goal=f"≤ {GROWTH[name]}",
            ok=growth <= GROWTH[name],
        )


def _addresses() -> dict[str, str]:
    from home.pages.api import NewsIndexPage

    return {
        "home": "/",
        "news_list": NewsIndexPage.objects.order_by("depth", "pk")[0].url + COLD,
        "search.words": "/search/?q=mua+may+in",
        "search.person": "/search/?q=nguyen+van+duc",
    }
