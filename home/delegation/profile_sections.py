"""The profile section `delegations`: who is away and who signs for whom, around the day of loading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db.models import Max, Model
from django.utils import timezone
from pydantic import Field

from home.notifications.api import Notification
from home.people.api import Delegation, Department, Position, SigningAuthority, User
from plugins.api.api import ProfileContext, ProfileSection, SectionError, Shape, profile_sections

from .acts import delegate, give_authority

Days = Field(default=0, ge=-400, le=400)


class DelegationRow(Shape):
    """`stand_in` acts for `away` from day `since` to day `until`, counted from the day of loading."""

    away: str
    stand_in: str
    since: int = Days
    until: int = Days
    matters: list[str] = []
    reason: str = ""


class AuthorityRow(Shape):
    """`holder` signs for `on_behalf_of` (NĐ 30/2020/NĐ-CP, article 13); without `until` for as long as it stands."""

    holder: str
    on_behalf_of: str
    capacity: Literal["KT", "TL", "TUQ"]
    since: int = Days
    until: int | None = Field(default=None, ge=-400, le=1000)
    position: str = ""
    department: str = ""
    document: str = ""
    matters: list[str] = []


class DelegationsFile(Shape):
    """The file `delegations.yaml`."""

    delegations: list[DelegationRow] = []
    authorities: list[AuthorityRow] = []


@profile_sections.register
class DelegationsSection(ProfileSection):
    """Makes what is not there yet; days that are over on a later load are left out."""

    code = "delegations"
    order = 65
    model = DelegationsFile
    records = ("people.delegation", "people.signingauthority")

    def check(self, data: DelegationsFile, context: ProfileContext) -> Iterator[tuple[str, str]]:
        """Check that people, positions and departments exist; the rules are asked when loading."""
        for i, row in enumerate(data.delegations):
            named = [("person", row.away, "away"), ("person", row.stand_in, "stand_in")]
            yield from _unknown(f"delegations[{i}]", named, context)
        for i, given in enumerate(data.authorities):
            named = [
                ("person", given.holder, "holder"),
                ("person", given.on_behalf_of, "on_behalf_of"),
                ("position", given.position, "position"),
                ("department", given.department, "department"),
            ]
            yield from _unknown(f"authorities[{i}]", named, context)

    def load(self, data: DelegationsFile, context: ProfileContext) -> None:
        """Write both lists. Raises `SectionError` in the words of the rule that a row breaks."""
        newest = Notification.objects.aggregate(newest=Max("pk"))["newest"] or 0
        for i, row in enumerate(data.delegations):
            _make(f"delegations[{i}]", Delegation, context, _delegation(row, context))
        for i, given in enumerate(data.authorities):
            _make(f"authorities[{i}]", SigningAuthority, context, _authority(given, context))
        # Nobody needs a bell or a mail about what was there when they came.
        now = timezone.now()
        Notification.objects.filter(pk__gt=newest).update(planned_at=now, read_at=now)


def _unknown(
    place: str, named: list[tuple[str, str, str]], context: ProfileContext
) -> Iterator[tuple[str, str]]:
    for kind, code, key in named:
        if code and (message := context.unknown(kind, code)):
            yield f"{place}.{key}", message


def _delegation(row: DelegationRow, context: ProfileContext) -> Callable[[], Any] | None:
    until = context.day(row.until)
    if until < timezone.localdate():
        return None
    away = User.objects.get(username=row.away)
    return lambda: delegate(
        by=away,
        principal=away,
        delegate=User.objects.get(username=row.stand_in),
        since=context.day(row.since),
        until=until,
        matters=row.matters,
        reason=row.reason,
    )


def _authority(row: AuthorityRow, context: ProfileContext) -> Callable[[], Any] | None:
    until = None if row.until is None else context.day(row.until)
    if until is not None and until < timezone.localdate():
        return None
    return lambda: give_authority(
        by=None,
        holder=User.objects.get(username=row.holder),
        on_behalf_of=User.objects.get(username=row.on_behalf_of),
        capacity=row.capacity,
        since=context.day(row.since),
        until=until,
        position=Position.objects.filter(code=row.position).first(),
        department=Department.objects.filter(code=row.department).first(),
        document=row.document,
        matters=row.matters,
    )


def _make(place: str, model: type[Model], context: ProfileContext, act: Callable[[], Any] | None) -> None:
    """Carry out one row and count it: the acts return the row that is there already."""
    if act is None:
        context.count(str(model._meta.verbose_name_plural), "left out")
        return
    newest = model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0
    try:
        made = act()
    except ValidationError as error:
        raise SectionError([(place, message) for message in error.messages]) from error
    context.count(str(model._meta.verbose_name_plural), "created" if made.pk > newest else "kept")
