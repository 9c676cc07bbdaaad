"""What a profile section is told while it checks and loads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone

M = TypeVar("M", bound=Model)


@dataclass
class ProfileContext:
    """The load that is under way.

    `anchor` is the day that relative dates count from: the day of the first load of this profile, so that a
    second load finds what the first one made. `demo` says that the profile may create logins with a known
    password.
    """

    profile: str
    folder: Path
    anchor: date
    demo: bool = False
    dry_run: bool = False
    codes: dict[str, set[str]] = field(default_factory=dict)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    #: Rows of an earlier load of this demo that were switched off, and are taken up again.
    taken_up: list[Model] = field(default_factory=list)

    def add_codes(self, kinds: Mapping[str, Iterable[str]]) -> None:
        """Note codes that exist, or will exist after this load, by kind."""
        for kind, codes in kinds.items():
            self.codes.setdefault(kind, set()).update(codes)

    def unknown(self, kind: str, code: str) -> str:
        """Return a sentence when nothing of this kind has the code, else an empty text."""
        known = self.codes.get(kind, set())
        if code in known:
            return ""
        listed = ", ".join(sorted(known)[:40]) or "none"
        return f"No {kind} is called {code!r}. Known: {listed}."

    def day(self, offset: int) -> date:
        """Return the day `offset` days after the anchor."""
        return self.anchor + timedelta(days=offset)

    def moment(self, offset: int, at: time = time(8, 0)) -> datetime:
        """Return an aware moment `offset` days after the anchor, at a local time of day."""
        return timezone.make_aware(datetime.combine(self.day(offset), at))

    def count(self, what: str, outcome: str) -> None:
        """Count one row; `outcome` is created, changed or kept."""
        self.counts[what, outcome] += 1

    def upsert(self, model: type[M], lookup: Mapping[str, Any], values: Mapping[str, Any]) -> M:
        """Find one row, or make it, and write only what differs; count what happened.

        A row is saved through the model, `full_clean` included: what the admin refuses is refused here.
        """
        row = model._default_manager.filter(**lookup).first()
        outcome = "kept"
        if row is None:
            row, outcome = model(**lookup, **values), "created"
        else:
            for name, value in values.items():
                if getattr(row, name) != value:
                    setattr(row, name, value)
                    outcome = "changed"
        if outcome != "kept":
            row.full_clean()
            row.save()
        self.count(str(model._meta.verbose_name_plural), outcome)
        return row
