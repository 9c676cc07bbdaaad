"""Kinds of readers that an audience may name: departments, positions, groups, people, and what others add.

A reader is written `kind:id` (`department:3`, `person:12`). One registry answers both ways: under which names a person
reads (`names_of`), and who reads under some names (`people_of`). A test holds both to the same answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise

from plugins.api.api import Registry

#: How a reader is written; ids stay far below what databases hold.
READER = re.compile(r"([a-z][a-z0-9_.-]*):([0-9]{1,15})")
#: How many of one kind a search offers.
OFFERED = 8


@dataclass(frozen=True, kw_only=True)
class AudienceKind:
    """One kind of reader.

    `ids_of(user)` returns the ids under which an active person reads: it is asked for everybody's pages, must cost no
    query beyond `home.people.api.roles_of`, or be `remembered`, and what it depends on must renew the stamp
    (`renew_when_changed`). `people(ids)` is the condition on people who read under any of the ids. `names(ids)` tells
    what they are called, leaving out what does not exist; `search(editor, query, limit)` offers ids with their names.
    """

    code: str
    label: str | Promise
    ids_of: Callable[[Any], Iterable[int]]
    people: Callable[[Collection[int]], Q]
    names: Callable[[Collection[int]], dict[int, str]]
    search: Callable[[Any, str, int], list[tuple[int, str]]]
    icon: str = "users"
    order: int = 100


#: Every room and plugin may ship an `audience_kinds.py` that registers here.
audience_kinds: Registry[AudienceKind] = Registry(AudienceKind, module="audience_kinds", noun="audience kind")


@dataclass(frozen=True)
class Reader:
    """One reader as people see it: `value` is what is stored."""

    value: str
    name: str
    kind: str
    icon: str


def reader(kind: str, pk: int) -> str:
    """Return how a reader is written."""
    return f"{kind}:{pk}"


def by_kind(readers: Iterable[str]) -> dict[str, list[int]]:
    """Return the ids of each known kind; what cannot be read, or what nobody contributes any more, is left out."""
    found: dict[str, list[int]] = defaultdict(list)
    for text in readers:
        match = READER.fullmatch(str(text))
        if match and match[1] in audience_kinds:
            found[match[1]].append(int(match[2]))
    return found


def names_of(user: Any) -> frozenset[str]:
    """Return all readers that this person is; none for anonymous and deactivated people."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    return frozenset(reader(kind.code, pk) for kind in audience_kinds for pk in kind.ids_of(user))


def people_of(readers: Iterable[str]) -> Q:
    """Return the condition on people who are any of these readers; nobody for none."""
    found = Q(pk__in=[])
    for kind, ids in by_kind(readers).items():
        found |= audience_kinds.get(kind).people(ids)
    return found


def described(readers: Iterable[str]) -> list[Reader]:
    """Return those readers that exist, in the order of their kinds and then as given."""
    found = []
    ids_by_kind = by_kind(readers)
    for kind in sorted(audience_kinds, key=lambda kind: kind.order):
        names = kind.names(ids_by_kind[kind.code]) if kind.code in ids_by_kind else {}
        for pk in dict.fromkeys(ids_by_kind.get(kind.code, ())):
            if pk in names:
                found.append(Reader(reader(kind.code, pk), names[pk], str(kind.label), kind.icon))
    return found


def readers_like(editor: Any, query: str) -> list[Reader]:
    """Return readers of every kind that the words fit, a few of each."""
    return [
        Reader(reader(kind.code, pk), name, str(kind.label), kind.icon)
        for kind in sorted(audience_kinds, key=lambda kind: kind.order)
        for pk, name in kind.search(editor, query, OFFERED)
    ]
