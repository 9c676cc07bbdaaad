"""Who has confirmed which notice, by department: for the notice's editors, administrators, and heads of departments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from home.base.api import may_enter_admin
from home.forms.api import harmless
from home.people.api import Department, Membership, User, UserQuerySet, is_office_admin

from .articles import NoticePage
from .department_sections import headed_by
from .reading import people_asked, people_waited_for
from .receipts import NoticeReceipt, confirmed

WAITING, DONE = "waiting", "done"
#: Shares of a department that has confirmed, from which on its cell is green, and yellow.
GOOD, FAIR = 90, 50


@dataclass(frozen=True)
class Scope:
    """Whose confirmations somebody may look at: of everybody, or of people below the departments that they head."""

    everybody: bool = False
    department_ids: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everybody or bool(self.department_ids)

    def people(self) -> Q:
        """Return the condition on people, who count where their main place is."""
        if self.everybody:
            return Q()
        found = Q(pk__in=[])
        for pk in sorted(self.department_ids):
            found |= Q(unit_path__contains=f"/{pk}/")
        return found


def scope_of(user: Any, notice: NoticePage | None = None) -> Scope:
    """Return what `user` may know of confirmations; of `notice`, its editors know everything. It may be nothing."""
    if is_office_admin(user) or (notice is not None and _may_edit(user, notice)):
        return Scope(everybody=True)
    return Scope(department_ids=headed_by(user))


def _may_edit(user: Any, notice: NoticePage) -> bool:
    return may_enter_admin(user) and bool(notice.permissions_for_user(user).can_edit())


def _with_unit(people: UserQuerySet) -> Any:
    """Add the department in which each person counts: the main place, else that of the highest position."""
    places = Membership.objects.current().filter(user=OuterRef("pk"))
    places = places.order_by("-is_primary", "position__rank", "pk")
    return people.annotate(
        unit=Subquery(places.values("department")[:1]),
        unit_path=Subquery(places.values("department__path")[:1]),
    )


@dataclass(frozen=True)
class Cell:
    """How many people of one department are asked, and how many of them have confirmed."""

    asked: int
    done: int

    @property
    def waiting(self) -> int:
        """Return how many have not confirmed."""
        return self.asked - self.done

    @property
    def share(self) -> int:
        """Return the share that has confirmed in whole percent, never rounded up to 100."""
        return self.done * 100 // self.asked if self.asked else 100

    @property
    def tone(self) -> str:
        """Return how the cell is drawn."""
        if not self.asked:
            return "none"
        return "good" if self.share >= GOOD else "fair" if self.share >= FAIR else "poor"


@dataclass(frozen=True)
class HeatRow:
    """One department (None: people without a place), with a cell for each notice."""

    department: Department | None
    cells: list[Cell]


def heat(notices: Sequence[NoticePage], scope: Scope) -> list[HeatRow]:
    """Return the departments in the order of the tree. Two queries, whatever the number of people and notices."""
    counts: dict[str, Count] = {}
    any_asked = Q(pk__in=[])
    for number, notice in enumerate(notices):
        asked = Q(pk__in=people_asked(notice).order_by().values("pk"))
        any_asked |= asked
        counts[f"asked_{number}"] = Count("pk", filter=asked)
        counts[f"done_{number}"] = Count("pk", filter=asked & Q(confirmed(notice)))
    if not counts:
        return []
    people = _with_unit(User.objects.active().filter(any_asked)).filter(scope.people())
    found = {row["unit"]: row for row in people.order_by().values("unit").annotate(**counts)}
    units: list[Department | None] = list(Department.objects.filter(pk__in=[pk for pk in found if pk]))
    rows = [*units, None] if None in found else units
    return [
        HeatRow(unit, _cells(found[unit.pk if unit else None], len(notices)))
        for unit in rows
        if (unit.pk if unit else None) in found
    ]


def _cells(row: dict[str, Any], number: int) -> list[Cell]:
    return [Cell(row[f"asked_{n}"], row[f"done_{n}"]) for n in range(number)]


def total(rows: Iterable[HeatRow], column: int = 0) -> Cell:
    """Return the sum of one column."""
    cells = [row.cells[column] for row in rows]
    return Cell(sum(cell.asked for cell in cells), sum(cell.done for cell in cells))


def people_in(notice: NoticePage, scope: Scope, *, department: int | None = None, state: str = "") -> Any:
    """Return those asked, with `unit` and `confirmed_at`, by department and name; narrowed to one department, and to
    those who have confirmed (`done`) or not (`waiting`).
    """
    people = people_waited_for(notice) if state == WAITING else people_asked(notice)
    if state == DONE:
        people = people.filter(confirmed(notice))
    receipt = NoticeReceipt.objects.of_notice(notice).filter(user=OuterRef("pk"))
    people = _with_unit(people).filter(scope.people())
    if department is not None:
        people = people.filter(unit=department)
    people = people.annotate(
        confirmed_at=Subquery(receipt.values("at")[:1]),
        unit_order=Subquery(Department.objects.filter(pk=OuterRef("unit")).values("tree_order")[:1]),
    )
    return people.order_by(F("unit_order").asc(nulls_last=True), "sort_name", "pk")


def table(notice: NoticePage, scope: Scope, **narrowed: Any) -> Iterator[list[Any]]:
    """Yield the heading and a row for each person asked, for a workbook. Two queries."""
    yield [_("Department"), _("Name"), _("Login name"), _("State"), _("Confirmed at")]
    names = dict(Department.objects.values_list("pk", "name"))
    for person in people_in(notice, scope, **narrowed).iterator(chunk_size=1000):
        at = person.confirmed_at
        state = _("Confirmed") if at else _("Overdue") if notice.is_overdue else _("Not yet confirmed")
        moment = timezone.localtime(at).replace(tzinfo=None, microsecond=0) if at else None
        texts = [names.get(person.unit, ""), str(person), person.username, state]
        yield [*map(harmless, texts), moment]
