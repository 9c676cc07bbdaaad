"""Pages, as somebody sees them who is logged in, against the trivial page."""

from __future__ import annotations

from collections.abc import Iterator

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
