"""What people can start from a page: rooms above contribute it, since this one knows nothing of dossiers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from plugins.api.api import Registry


@dataclass(frozen=True)
class Start:
    """Something that a reader may start now, at an address of this site."""

    title: str
    url: str
    summary: str = ""


@dataclass(frozen=True, kw_only=True)
class StartSource:
    """A kind of things to start. `choices()` are all of them for editors, as (code, title); `offer(user, code)` is
    None for whoever may not start this one, and when it is there no more.

    Offers are asked for on each request: pages that show them are not kept. Two or three queries each.
    """

    code: str
    choices: Callable[[], Iterable[tuple[str, str]]]
    offer: Callable[[Any, str], Start | None]


#: Every room and plugin may ship a `start_sources.py` that registers here.
start_sources: Registry[StartSource] = Registry(StartSource, module="start_sources", noun="source of starts")


def start_choices() -> list[tuple[str, str]]:
    """Return everything that an editor may put on a page, as (`source:code`, title)."""
    return [(f"{source.code}:{code}", title) for source in start_sources for code, title in source.choices()]


def start_offer(user: Any, chosen: str) -> Start | None:
    """Return what `user` may start of what an editor chose; None when there is nothing."""
    name, _colon, code = chosen.partition(":")
    source = next((source for source in start_sources if source.code == name), None)
    if source is None or not getattr(user, "is_authenticated", False):
        return None
    return source.offer(user, code)
