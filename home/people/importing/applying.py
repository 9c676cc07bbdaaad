"""Rows into the database: everything is tried in one transaction, which stays only if no row is bad."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import transaction

from .columns import DEPARTMENTS, PEOPLE, POSITIONS
from .office import Office
from .problems import Problem
from .reading import read
from .rows import parse
from .storing import store_departments, store_memberships, store_people, store_positions


class Readable(Protocol):
    """An open file in binary mode, Django's own included."""

    def read(self, size: int = ..., /) -> Any:
        """Return bytes."""


@dataclass
class Result:
    """What an import did or would do: counts by kind ("people") and outcome ("created"), and problems."""

    applied: bool = False
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Tell whether every row is good."""
        return not self.problems


def run(file: Readable, *, apply: bool = False) -> Result:
    """Import a file, or with `apply=False` only tell what would happen and name every bad row.

    All or nothing: one bad row, and nothing is stored. Empty cells leave what is there; rows that are not in
    the file are left alone. Raises `FileRefusedError` if the file as a whole cannot be read.
    """
    rows, problems = parse(read(file))
    with transaction.atomic():
        office = Office(problems)
        store_departments(office, [row for row in rows if row.kind is DEPARTMENTS])
        store_positions(office, [row for row in rows if row.kind is POSITIONS])
        people = [row for row in rows if row.kind is PEOPLE]
        store_people(office, people)
        store_memberships(office, people)
        applied = apply and not office.problems
        if not applied:
            transaction.set_rollback(True)
    office.problems.sort(key=lambda problem: (problem.sheet, problem.row))
    return Result(applied, office.counts, office.problems)
