"""Inbox, queue and lists of dossiers on as many tasks as the scale says, and what growth costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bench.comparing import page
from bench.context import Context, interleaved
from bench.registry import SCALES, Result, row

PAGES = {
    "inbox.page": ("/inbox/", 12.0, 8),
    "queue.page": ("/inbox/?tab=claim", 12.0, 8),
    "dossier.list": ("/dossiers/?tab=all&state=running&q=to+trinh&type={type}", 12.0, 12),
}
GROWTH = 1.3


@row("inbox")
def lists(context: Context) -> Iterator[Result]:
    """Measure the three lists with a thousand tasks, then with as many as the scale says.

    At scales above a thousand each list has a second line, `….growth`: its time ÷ its time at a thousand.
    """
    from bench.office import case_flow, make_tasks

    make_tasks(SCALES["small"])
    number = case_flow().type_id
    few = {name: _wall(context, path.format(type=number)) for name, (path, _ratio, _queries) in PAGES.items()}
    if context.size > SCALES["small"]:
        make_tasks(context.size - SCALES["small"])
    for name, (path, ratio, queries) in PAGES.items():
        address = path.format(type=number)
        found = page(context, name, address, ratio=ratio, queries=queries, size=100_000)
        yield found
        if context.size > SCALES["small"]:
            wall = _wall(context, address)
            growth = wall / few[name]
            yield replace(
                found,
                name=f"{name}.growth",
                median_ms=wall,
                baseline=f"{name} at 1k",
                ratio=growth,
                goal=f"≤ {GROWTH}",
                ok=growth <= GROWTH,
            )


def _wall(context: Context, path: str) -> float:
    """Return the wall time of a page in ms: databases work in processes of their own."""
    staff = context.as_staff()
    acts = {"page": lambda: context.server.get(path, staff)}
    return interleaved(context.server, acts, rounds=5, times=15)["page"].wall_ms
