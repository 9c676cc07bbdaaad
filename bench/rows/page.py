"""Pages, as somebody sees them who is logged in, against the trivial page."""

from __future__ import annotations

from collections.abc import Iterator

from bench.comparing import beside_hello, page
from bench.context import HELLO, Context, headers_of, interleaved
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


#: Addresses with words of their own are made anew at every request.
COLD = "?cold=1"


@row("page.news")
def news(context: Context) -> Iterator[Result]:
    """Measure one piece of news: kept, made anew, and asked for by a browser that has it already."""
    from home.pages.api import NewsPage

    address = NewsPage.objects.visible_to_everyone().order_by("-published_on", "pk").first().url
    yield page(context, "page.news", address, ratio=2)
    yield page(context, "page.news_cold", address + COLD, ratio=25, queries=12)
    yield not_modified(context, address)


def not_modified(context: Context, address: str) -> Result:
    """Measure the answer 304 to a browser that has the page."""
    server = context.server
    cookies = dict(context.cookies)
    first = server.get(address, headers_of(cookies))
    cookies |= first.cookies
    headers = headers_of(cookies) | {"If-None-Match": server.get(address, headers_of(cookies)).etag}
    if server.get(address, headers).status != 304:
        raise RuntimeError(f"{address} answers a browser that has it with the whole page.")
    cost, ratio = beside_hello(context, lambda: server.get(address, headers))
    return Result(
        name="page.not_modified",
        database=context.database,
        scale=context.scale,
        median_ms=cost.cpu_ms,
        queries=None,
        baseline="page.hello",
        ratio=ratio,
        goal="≤ 1.5 × hello",
        ok=ratio <= 1.5,
    )


@row("page.news_list")
def news_list(context: Context) -> Iterator[Result]:
    """Measure the list of news, kept."""
    from home.pages.api import NewsIndexPage

    yield page(context, "page.news_list", NewsIndexPage.objects.order_by("pk").first().url, ratio=2)


@row("page.search")
def search(context: Context) -> Iterator[Result]:
    """Measure a search over everything that can be found."""
    yield page(context, "page.search", "/search/?q=thong+bao", ratio=20)
