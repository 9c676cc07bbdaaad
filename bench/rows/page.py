"""Pages, as somebody sees them who is logged in, against the trivial page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bench.comparing import page
from bench.context import HELLO, Context, interleaved
from bench.registry import Result, row


@row("page.hello")
def hello(context: Context) -> Iterator[Result]:
    """Measure the trivial page against itself: a ratio far from 1 says that this run measures nothing."""
    staff, server = context.as_staff(), context.server
    acts = {name: lambda: server.get(HELLO, staff) for name in ("product", "baseline")}
    cost = interleaved(server, acts)
    ratio = cost["product"].cpu_ms / cost["baseline"].cpu_ms
    yield Result(
        name="page.hello",
        database=context.database,
        scale=context.scale,
        median_ms=cost["product"].cpu_ms,
        queries=context.queries_of(HELLO),
        baseline="page.hello",
        ratio=ratio,
        goal="0.8 to 1.25",
        ok=0.8 <= ratio <= 1.25,
    )


@row("page.home")
def home(context: Context) -> Iterator[Result]:
    """Measure the personal home page with all panels."""
    yield page(context, "page.home", "/", ratio=8, queries=15)


@row("page.news")
def news(context: Context) -> Iterator[Result]:
    """Measure one piece of news. Whole pages are not kept: warm and uncached are the same page."""
    from home.pages.api import NewsPage

    address = NewsPage.objects.visible_to_everyone().order_by("-published_on", "pk").first().url
    found = page(context, "page.news_cold", address, ratio=25, queries=12)
    yield replace(found, name="page.news", goal="≤ 2 × hello", ok=(found.ratio or 0) <= 2)
    yield found


@row("page.news_list")
def news_list(context: Context) -> Iterator[Result]:
    """Measure the list of news."""
    from home.pages.api import NewsIndexPage

    yield page(
        context, "page.news_list", NewsIndexPage.objects.order_by("pk").first().url, ratio=2, queries=12
    )


@row("page.search")
def search(context: Context) -> Iterator[Result]:
    """Measure a search over pages, people and dossiers."""
    yield page(context, "page.search", "/search/?q=thong+bao", ratio=20)
