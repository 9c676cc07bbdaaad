"""The dossiers that somebody follows, as a list of the inbox: what is under way first, and what is new in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, DateTimeField, Exists, F, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from home.audit.api import Entry
from home.people.api import User
from workflows.dossiers.api import Dossier, Follow, followed_by, lines_of
from workflows.engine.api import step_title

from .deadlines import Light, Lights
from .keyset import Order
from .list_filters import ListFilter, Rows
from .marks import marked, urgency_of


class _DueWhileOpen(Func):
    """The due date of a dossier under way, late in time when it has none; what is closed stands behind all others."""

    arity = 2
    output_field = DateTimeField()
    template = "CASE WHEN %(closed)s IS NULL THEN COALESCE(%(due)s, %(never)s) ELSE %(after)s END"

    def __init__(self, **extra: Any) -> None:
        super().__init__(F("due_at"), F("closed_at"), **extra)

    def as_sql(self, compiler: Any, connection: Any, *given: Any, **context: Any) -> Any:
        """Return the SQL, in which both ends of time stand as texts that every database reads as moments."""
        due, closed = (compiler.compile(source)[0] for source in self.get_source_expressions())
        kind = "::timestamptz" if connection.vendor == "postgresql" else ""
        never, after = (f"'9999-12-31 00:00:0{second}'{kind}" for second in (0, 1))
        return self.template % {"due": due, "closed": closed, "never": never, "after": after}, ()


FOLLOW_ORDERS: Mapping[str, tuple[str | Promise, Order]] = {
    "due_at": (_("Due first"), Order("due_at", (_DueWhileOpen(),))),
    "-opened_at": (_("Newest"), Order("-opened_at", (F("opened_at"),), falls=True)),
    "opened_at": (_("Oldest"), Order("opened_at", (F("opened_at"),))),
}


class FollowFilter(ListFilter):
    """What all lists have in common, asked of dossiers."""

    class Meta:
        model = Dossier
        fields: list[str] = []


@dataclass(frozen=True)
class FollowRow:
    """One line: `is_new` tells that others have acted since the reader last had the dossier before them."""

    dossier: Dossier
    light: Light
    places: tuple[str, ...]
    urgency: tuple[str, str] | None
    is_new: bool


def follow_parts(reader: User) -> Sequence[Rows]:
    """Return the dossiers that `reader` follows and may still see, as a list of one part."""
    return [followed_by(reader)]


def follow_rows(keys: Sequence[int], reader: User, light: Lights) -> list[FollowRow]:
    """Return what the lines show, in order. One query."""
    found = lines_of(keys, reader=reader.pk, among=_followed)
    return [_row(found[key], light) for key in keys if key in found]


def _followed(reader: Any) -> QuerySet[Dossier]:
    """Return dossiers as their followers see them, for a primary key."""
    since = Follow.objects.filter(user=reader, dossier=OuterRef("pk")).values("since")[:1]
    last = Coalesce("seen_at", Subquery(since))
    target = Concat(Value("dossier:"), Cast(OuterRef("pk"), CharField()))
    acts = Entry.objects.filter(target=target, at__gt=OuterRef("known_until")).exclude(by=reader)
    return marked(reader).annotate(known_until=last).annotate(is_new=Exists(acts))


def _row(dossier: Dossier, light: Lights) -> FollowRow:
    is_new: bool = dossier.is_new  # type: ignore[attr-defined]
    return FollowRow(
        dossier, light(dossier.due_at, dossier.closed_at), places_of(dossier), urgency_of(dossier), is_new
    )


def places_of(dossier: Dossier) -> tuple[str, ...]:
    """Return the titles of the steps where a dossier stands."""
    return tuple(step_title(dossier.version, step_id) for step_id in dict.fromkeys(dossier.open_steps))
