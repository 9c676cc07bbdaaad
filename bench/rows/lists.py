"""Inbox, queue and lists of dossiers on as many dossiers as the scale says: cost, growth, time in the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bench.comparing import page, wall_ms
from bench.context import Context, log_in
from bench.registry import SCALES, Result, row

PAGES = {
    "inbox.page": ("/inbox/", 12.0, 8),
    "queue.page": ("/inbox/?tab=claim", 12.0, 8),
    "dossier.list": ("/dossiers/?tab=all&state=running&q=to+trinh&type={type}", 12.0, 12),
    "dossier.number": ("/dossiers/?tab=all&q={number}", 12.0, 12),
}
#: What is compared with itself at a thousand must fill its page there: few of them hold the words of `dossier.list`.
FULL = {"dossier.list": "/dossiers/?tab=all&state=running&since=2000-01-01&type={type}"}
#: Time at the scale ÷ time at a thousand; ms in the database of PostgreSQL.
GROWTH, DATABASE_MS = 1.3, 30.0


@row("inbox")
def lists(context: Context) -> Iterator[Result]:
    """Measure the lists with a thousand dossiers, then with as many as the scale says.

    At scales above a thousand each list has a second line, `….growth`: its time ÷ its time at a thousand. The lines
    `….db.<reader>` are what its queries take in the database, for a reader of hundreds of thousands of dossiers,
    for a head of ten thousand, and for an officer of a few hundred.
    """
    from bench.mass import make_dossiers

    small = SCALES["small"]
    make_dossiers(small, total=context.size)
    addresses, full = _addresses(PAGES), _addresses(PAGES | {name: (path,) for name, path in FULL.items()})
    few = {name: wall_ms(context, address) for name, address in full.items()}
    if context.size > small:
        seconds = make_dossiers(context.size - small, after=small, total=context.size)
        context.restart()
        print(f"    {context.size} dossiers were stored in {seconds:.0f} s", flush=True)
    readers = _readers()
    for name, (_path, ratio, queries) in PAGES.items():
        found = page(context, name, addresses[name], ratio=ratio, queries=queries, size=100_000)
        yield found
        if context.size > small:
            yield _growth(context, found, full[name], few[name])
        for reader, cookies in readers.items():
            yield _in_database(context, found, reader, context.database_ms(addresses[name], cookies))


def _addresses(pages: Mapping[str, tuple[Any, ...]]) -> dict[str, str]:
    """Return the measured addresses; the number is that of a dossier which the officer sees."""
    from urllib.parse import quote

    from bench.office import case_flow, officer
    from workflows.dossiers.api import Dossier

    seen = Dossier.objects.visible_to(officer()).filter(number__contains="-TTr").order_by("-opened_at")[0]
    given = {"type": case_flow().type_id, "number": quote(seen.number, safe="")}
    return {name: page[0].format(**given) for name, page in pages.items()}


def _readers() -> dict[str, Mapping[str, str]]:
    from bench import mass
    from bench.office import officer

    people = {"heavy": officer(), "head": mass.head(), "light": mass.light()}
    return {name: log_in(person) for name, person in people.items()}


def _growth(context: Context, found: Result, address: str, before: float) -> Result:
    wall = wall_ms(context, address)
    return replace(
        found,
        name=f"{found.name}.growth",
        median_ms=wall,
        baseline=f"{found.name} at 1k",
        ratio=wall / before,
        goal=f"≤ {GROWTH}",
        ok=wall / before <= GROWTH,
    )


def _in_database(context: Context, found: Result, reader: str, ms: float) -> Result:
    is_goal = context.database == "postgresql"
    return replace(
        found,
        name=f"{found.name}.db.{reader}",
        median_ms=ms,
        baseline=None,
        ratio=None,
        goal=f"≤ {DATABASE_MS:g} ms" if is_goal else "",
        ok=ms <= DATABASE_MS if is_goal else None,
    )
