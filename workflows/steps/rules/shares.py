"""Rules that share work fairly among a group: in turn, or by who has least to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from home.people.api import User
from workflows.dossiers.api import current_rehearsal

from ..editor import Option, Words
from ..models import Rotation
from ..order import hold_in_order
from ..situation import Situation
from ..who import Assignment, NobodyError, Rule
from .posts import PoolOf, missing_department, missing_position, places

if TYPE_CHECKING:
    from ..registry import LintScope


class Share(Rule):
    """What both rules have in common: the group, and who of it was asked longest ago."""

    takes_turns: ClassVar[bool] = True

    def group(self) -> PoolOf:
        """Return whose turn it may be."""
        raise NotImplementedError

    @property
    def rotation_key(self) -> str:
        """The key of the row that says whose turn it is."""
        group = self.group()
        return f"{self.code}:{group.department}:{group.position or ''}"

    def choose(self, people: list[User], rotation: Rotation) -> User:
        """Return who is asked now; the row is locked, so that nobody else chooses at this moment."""
        raise NotImplementedError

    def resolve(self, at: Situation) -> Assignment:
        """Return one person of the group and remember that it was asked. Raises `NobodyError`."""
        people = _members(self.group(), at)
        hold_in_order(at)
        rotation = _locked(self.rotation_key)
        chosen = self.choose(people, rotation)
        known = {person.pk for person in people}
        rotation.asked = [pk for pk in rotation.asked if pk in known and pk != chosen.pk] + [chosen.pk]
        rotation.save(update_fields=["asked"])
        return Assignment(user=chosen, why=self.code)

    def nobody_today(self) -> str:
        """Return why nobody of the group is there today."""
        try:
            places(**_wanted(self.group()))
        except NobodyError as nobody:
            return nobody.why
        return ""

    def problems(self, scope: LintScope) -> list[str]:
        """Name an unknown department or position."""
        group = self.group()
        missing = missing_department(group.department)
        return missing + (missing_position(group.position) if group.position else [])


class RoundRobin(Share):
    """One person of a group after the other; who is new comes first."""

    code: ClassVar[str] = "round_robin"
    title: ClassVar[Words] = gettext_lazy("In turn within a department")
    help: ClassVar[Words] = gettext_lazy("One person after the other gets a task.")
    editor: ClassVar[Mapping[str, Option]] = {
        "round_robin": Option(""),
    }
    round_robin: PoolOf

    def group(self) -> PoolOf:
        """Return the group."""
        return self.round_robin

    def choose(self, people: list[User], rotation: Rotation) -> User:
        """Return who was asked longest ago, or never."""
        return min(people, key=rotation.turn)

    def words(self) -> str:
        """Say the rule."""
        return _("next in turn of %(department)s") % {"department": self.round_robin.department}


class LeastLoaded(Share):
    """The person of a group who has the fewest open tasks; among equals, who was asked longest ago."""

    code: ClassVar[str] = "least_loaded"
    title: ClassVar[Words] = gettext_lazy("Whoever has least to do in a department")
    help: ClassVar[Words] = gettext_lazy("By the number of open tasks.")
    editor: ClassVar[Mapping[str, Option]] = {
        "least_loaded": Option(""),
    }
    least_loaded: PoolOf

    def group(self) -> PoolOf:
        """Return the group."""
        return self.least_loaded

    def choose(self, people: list[User], rotation: Rotation) -> User:
        """Return who has least to do now; one query."""
        tasks = Task.objects.filter(flow_task_type="HUMAN", status=STATUS.ASSIGNED, owner__in=people)
        load = dict(tasks.order_by().values_list("owner").annotate(Count("pk")))
        return min(people, key=lambda person: (load.get(person.pk, 0), rotation.turn(person)))

    def words(self) -> str:
        """Say the rule."""
        return _("who has least to do of %(department)s") % {"department": self.least_loaded.department}


def _members(group: PoolOf, at: Situation) -> list[User]:
    """Return who may be asked. Whoever may not judge the dossier loses no turn."""
    people = [place.user for place in places(**_wanted(group))]
    allowed = [user for user in people if not at.judges or user.pk != at.dossier.submitter_id]
    if not allowed:
        raise NobodyError("is_submitter")
    return allowed


def _wanted(group: PoolOf) -> dict[str, str]:
    wanted = {"department__code": group.department}
    return wanted | ({"position__code": group.position} if group.position else {})


def _locked(key: str) -> Rotation:
    rehearsal = current_rehearsal()
    begun: dict[str, Any] = {}
    if rehearsal is not None:
        # Whoever is asked for real must not wait for somebody who only tries a flow out.
        real = Rotation.objects.filter(key=key).first()
        key, begun = rehearsal.copy_of(key), {"asked": real.asked if real else []}
    rotation, _made = Rotation.objects.select_for_update().get_or_create(key=key, defaults=begun)
    return rotation
