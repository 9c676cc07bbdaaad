"""A page or an act beside its baseline, in turns, as one line of the table."""

from __future__ import annotations

from collections.abc import Callable

from bench.context import HELLO, Context, Cost, interleaved
from bench.registry import Result


def beside_hello(
    context: Context, act: Callable[[], object], *, rounds: int = 7, times: int = 20
) -> tuple[Cost, float]:
    """Return what an act on the server costs, and its CPU divided by that of the trivial page."""
    staff, server = context.as_staff(), context.server
    acts = {"product": act, "hello": lambda: server.get(HELLO, staff)}
    cost = interleaved(server, acts, rounds=rounds, times=times)
    return cost["product"], cost["product"].cpu_ms / max(cost["hello"].cpu_ms, 0.001)


def wall_ms(context: Context, path: str) -> float:
    """Return the wall time of a page in ms: databases work in processes of their own."""
    staff = context.as_staff()
    acts = {"page": lambda: context.server.get(path, staff)}
    return interleaved(context.server, acts, rounds=5, times=15)["page"].wall_ms


def page(
    context: Context,
    name: str,
    path: str,
    *,
    ratio: float,
    queries: int | None = None,
    size: int | None = None,
) -> Result:
    """Measure a page for somebody who is logged in, against the trivial page."""
    server, staff = context.server, context.as_staff()
    used = context.queries_of(path)
    bytes_of = server.get(path, staff).size
    cost, found = beside_hello(context, lambda: server.get(path, staff))
    goals = [f"≤ {ratio:g} × hello"]
    goals += [f"≤ {queries} queries"] if queries is not None else []
    goals += [f"≤ {size // 1000} kB"] if size is not None else []
    ok = found <= ratio and (queries is None or used <= queries) and (size is None or bytes_of <= size)
    return Result(
        name=name,
        database=context.database,
        scale=context.scale,
        median_ms=cost.cpu_ms,
        queries=used,
        baseline="page.hello",
        ratio=found,
        goal="; ".join(goals),
        ok=ok,
    )
