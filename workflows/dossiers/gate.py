"""The one gate: which dossiers a person may see."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from home.people.api import (
    Delegation,
    User,
    UserQuerySet,
    delegations_to,
    holders_of,
    is_office_admin,
    office_admins,
    roles_of,
)
from plugins.api.api import EXAMPLE_KEY, PreparedFamily, PreparedInsert, count_of, example_words

if TYPE_CHECKING:
    from .models import Dossier, DossierAccess

#: The role of those who look after dossiers that nobody else can act on: the office's administrators.
DISPATCH = "dispatch"
#: Of a reader of at most so many dossiers each may be looked at for one list.
FEW = 20_000


def principals_of(user: User) -> frozenset[str]:
    """Return every name under which `user` may be granted access; empty for the inactive and the anonymous."""
    return own_names_of(user) | {stand_in_role(row.pk) for row in delegations_to(user)}


def own_names_of(user: User) -> frozenset[str]:
    """Return the names that are the person's own: themselves and their roles. Tasks wait for these only."""
    if not user.is_active or user.pk is None:
        return frozenset()
    return roles_of(user) | {f"user:{user.pk}"} | ({DISPATCH} if is_office_admin(user) else set())


def stand_in_role(delegation_id: int) -> str:
    """Return the name under which the stand-in of a delegation sees what its principal has to do."""
    return f"stand_in:{delegation_id}"


def reach_of(user: User) -> int:
    """Return how many dossiers `user` may see, at most `FEW` + 1 and not quite exactly. One query.

    A dossier counts once for each name under which the user sees it.
    """

    names = principals_of(user)
    rows = _reaches.of(len(names)).rows(user.pk, *sorted(names)) if names else []
    return int(rows[0][0]) if rows else 0


def _reach(_names: int, person: Any, *names: Any) -> models.QuerySet[Any, Any]:
    from .models import DossierAccess

    granted = DossierAccess.objects.filter(principal__in=names)
    return User.objects.filter(pk=person).order_by().values_list(count_of([granted], FEW + 1))


_reaches: PreparedFamily[User] = PreparedFamily(
    _reach, lambda names: [EXAMPLE_KEY, *example_words(names, "name")]
)


class _AmongFew(models.Func):
    """Whether a primary key is among those of a subquery, which is run first and once."""

    conditional = True
    output_field = models.BooleanField()
    template = "%(expressions)s"
    arg_joiner = " IN "

    def __init__(self, keys: models.QuerySet[Any, Any], **extra: Any) -> None:
        super().__init__(models.F("pk"), models.Subquery(keys), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Make an array of the keys: a join would make the planner guess, and it guesses too low."""
        return self.as_sql(
            compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(ARRAY", **context
        )


_PERSON, _STAND_IN = "user:", "stand_in:"


def readers_of(dossier: Dossier) -> UserQuerySet:
    """Return the active people who may see a dossier today: `visible_to` asked the other way round.

    One query for the names that it is granted to, and one when the people are read.
    """
    from .models import DossierAccess

    granted = DossierAccess.objects.filter(dossier=dossier).values_list("principal", flat=True)
    return people_named(granted)


def people_named(principals: Iterable[str]) -> UserQuerySet:
    """Return the active people who go by one of these names today: `principals_of` asked the other way round."""
    names = set(principals)
    people, stand_ins = _keys(names, _PERSON), _keys(names, _STAND_IN)
    roles = {name for name in names - {DISPATCH} if not name.startswith((_PERSON, _STAND_IN))}
    found = Q(pk__in=people) | holders_of(roles)
    if stand_ins:
        running = Delegation.objects.valid_on(timezone.localdate()).filter(principal__is_active=True)
        found |= Q(pk__in=running.filter(pk__in=stand_ins).order_by().values("delegate"))
    if DISPATCH in names:
        found |= office_admins()
    return User.objects.active().filter(found)


def _keys(names: Iterable[str], prefix: str) -> list[int]:
    return [int(name.removeprefix(prefix)) for name in names if name.startswith(prefix)]


class DossierQuerySet(models.QuerySet["Dossier"]):
    """Look-ups of dossiers; lists, search, files, feeds and the API all start with `visible_to`."""

    def visible_to(self, user: User) -> DossierQuerySet:
        """Return the dossiers that `user` submitted, was asked about, or answers for as a head."""
        from .models import DossierAccess

        principals = principals_of(user)
        if not principals:
            return self.none()
        granted = DossierAccess.objects.filter(principal__in=principals).values("dossier_id")
        return self.filter(pk__in=granted)

    def found_first(self) -> DossierQuerySet:
        """Return the same dossiers, which the database finds before it asks anything else of them.

        For few of them: what comes after (words in a text) is then asked of these alone, in no clever order.
        """
        from .models import Dossier

        return Dossier.objects.filter(_AmongFew(self.order_by().values("pk")))

    def few_visible_to(self, user: User) -> DossierQuerySet:
        """Return the same dossiers as `visible_to`, for somebody who sees few of them: each is fetched by its key."""
        from .models import DossierAccess

        granted = DossierAccess.objects.filter(principal__in=principals_of(user))
        return self.filter(_AmongFew(granted.values("dossier_id")))

    def submitted_by(self, user: User) -> DossierQuerySet:
        """Return the dossiers of one submitter."""
        return self.filter(submitter=user)


def grant(dossier: Dossier, principals: Iterable[str]) -> None:
    """Let `principals` see the dossier from now on; one query, whatever their number."""
    from .models import DossierAccess

    rows = [DossierAccess(dossier_id=dossier.pk, principal=name) for name in sorted(set(principals))]
    _new_access().all(rows)


@cache
def _new_access() -> PreparedInsert[DossierAccess]:
    from .models import DossierAccess

    return PreparedInsert(DossierAccess, ignore_conflicts=True)
