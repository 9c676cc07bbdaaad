"""What is known while a file is imported: what the database has, and what the file has added so far."""

from __future__ import annotations

from collections import Counter, defaultdict

from django.core.exceptions import ValidationError
from django.db import models, transaction

from home.people.models import Department, Membership, Position, User
from home.people.text import fold

from .problems import Problem
from .rows import Row

#: Model fields whose problems belong into a column of another name.
_COLUMNS = {"user": "username"}


class Office:
    """Loaded once, so that rows that change nothing cost no query."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.outcomes: dict[tuple[str, int], str] = {}
        #: Codes of bad rows by kind: who refers to them is not told about it again.
        self.bad: set[tuple[str, str]] = set()
        self.departments = {fold(d.code): d for d in Department.objects.all()}
        self.positions = {fold(p.code): p for p in Position.objects.all()}
        self.people = {person.username: person for person in User.objects.all()}
        self.memberships: dict[tuple[int, int, int], Membership] = {}
        for membership in Membership.objects.filter(until__isnull=True):
            self.memberships[self.place_of(membership)] = membership
        self.with_main_place = {m.user_id for m in self.memberships.values() if m.is_primary}

    @property
    def counts(self) -> dict[str, Counter[str]]:
        """Return how many of each kind were created, updated or left as they were."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for (kind, _pk), outcome in self.outcomes.items():
            counts[kind][outcome] += 1
        return dict(counts)

    @staticmethod
    def place_of(membership: Membership) -> tuple[int, int, int]:
        """Return what makes a membership the same one."""
        return membership.user_id, membership.department_id, membership.position_id

    def position(self, text: str) -> Position | None:
        """Return the position with this code or, if no other is called so, this name."""
        by_code = self.positions.get(fold(text))
        named = [p for p in self.positions.values() if fold(p.name) == fold(text)]
        return by_code or (named[0] if len(named) == 1 else None)

    def store(self, row: Row, kind: str, target: models.Model, values: dict[str, object]) -> bool:
        """Set the values that differ, check and save; note what happened; tell whether it went well."""
        adding = target._state.adding
        changed = {name: value for name, value in values.items() if getattr(target, name) != value}
        if not adding and not changed:
            self.outcomes.setdefault((kind, target.pk), "unchanged")
            return True
        for name, value in changed.items():
            setattr(target, name, value)
        try:
            with transaction.atomic():
                target.full_clean()
                target.save()
        except ValidationError as error:
            self.refuse(row, error)
            return False
        if self.outcomes.get((kind, target.pk)) != "created":
            self.outcomes[kind, target.pk] = "created" if adding else "updated"
        return True

    def refuse(self, row: Row, error: ValidationError) -> None:
        """Note what a model has to say against a row."""
        for name, messages in error.message_dict.items():
            self.problems += [row.problem(_COLUMNS.get(name, name), message) for message in messages]
