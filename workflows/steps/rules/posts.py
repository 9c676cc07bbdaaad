"""Rules that name people and posts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.forms.api import Strict
from home.people.api import (
    Department,
    Membership,
    Position,
    User,
    deputies_of,
    head_of,
    places_held,
    superior_of,
)

from ..editor import Option, Words
from ..situation import Situation
from ..who import Assignment, NobodyError, Rule

if TYPE_CHECKING:
    from ..registry import LintScope


class Post(Rule):
    """A rule that names people or posts, so that it can be asked without a dossier."""

    def found(self) -> Assignment | None:
        """Return who acts now. Raises `NobodyError`."""
        raise NotImplementedError

    def resolve(self, at: Situation) -> Assignment | None:
        """Return who acts now."""
        return self.found()

    def nobody_today(self) -> str:
        """Return why nobody is found today."""
        try:
            return "" if self.found() is not None else "vacant"
        except NobodyError as nobody:
            return nobody.why


def department_called(code: str) -> Department:
    """Return an active department. Raises `NobodyError` when it was closed or never was."""
    found = Department.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise NobodyError("no_department")
    return found


def places(**wanted: Any) -> list[Membership]:
    """Return the current memberships that fit, one for each person. Raises `NobodyError` when there are none."""
    people = list({place.user_id: place for place in places_held(**wanted)}.values())
    if not people:
        raise NobodyError("vacant")
    return people


def person(user: User | None, why: str) -> Assignment:
    """Assign one person. Raises `NobodyError` when there is none, or the account is closed."""
    if user is None:
        raise NobodyError("vacant")
    if not user.is_active:
        raise NobodyError("left")
    return Assignment(user=user, why=why)


def missing_department(code: str) -> list[str]:
    """Return what is wrong with the code of a department."""
    if Department.objects.filter(code=code).exists():
        return []
    return [_("No department is called “%(code)s”.") % {"code": code}]


def missing_position(code: str) -> list[str]:
    """Return what is wrong with the code of a position."""
    if Position.objects.filter(code=code).exists():
        return []
    return [_("No position is called “%(code)s”.") % {"code": code}]


class NamedUser(Post):
    """One person by name; a last resort, since people move on."""

    code: ClassVar[str] = "user"
    title: ClassVar[Words] = gettext_lazy("One person by name")
    help: ClassVar[Words] = gettext_lazy("A last resort: people move on.")
    editor: ClassVar[Mapping[str, Option]] = {
        "user": Option(gettext_lazy("Person"), picks="person"),
    }
    user: str

    def found(self) -> Assignment:
        """Return the person, unless they left."""
        return person(User.objects.filter(username=self.user).first(), "user")

    def words(self) -> str:
        """Say the rule."""
        return self.user

    def problems(self, scope: LintScope) -> list[str]:
        """Name an unknown user name."""
        if User.objects.filter(username=self.user).exists():
            return []
        return [_("No person is called “%(code)s”.") % {"code": self.user}]


class HolderOfPosition(Post):
    """Whoever holds a position in a department; several holders share the task as a pool."""

    code: ClassVar[str] = "position"
    title: ClassVar[Words] = gettext_lazy("Whoever holds a position")
    help: ClassVar[Words] = gettext_lazy("Several holders share the task.")
    editor: ClassVar[Mapping[str, Option]] = {
        "position": Option(gettext_lazy("Position"), picks="position", order=1),
        "department": Option(gettext_lazy("Department"), picks="department", order=2),
    }
    position: str
    department: str

    def found(self) -> Assignment:
        """Return the one holder, or the pool of them."""
        found = places(position__code=self.position, department__code=self.department)
        if len(found) == 1:
            return Assignment(user=found[0].user, why="position")
        role = f"post:{found[0].position_id}:{found[0].department_id}"
        return Assignment(role=role, why="position", holders=tuple(place.user for place in found))

    def words(self) -> str:
        """Say the rule."""
        return _("%(position)s, %(department)s") % {"position": self.position, "department": self.department}

    def problems(self, scope: LintScope) -> list[str]:
        """Name an unknown position or department."""
        return missing_position(self.position) + missing_department(self.department)


class HeadOf(Rule):
    """The head of a named department, or of the submitter's (then the next head up when that is the submitter)."""

    code: ClassVar[str] = "head_of"
    title: ClassVar[Words] = gettext_lazy("Head of a department")
    help: ClassVar[Words] = gettext_lazy("Whoever heads it on that day.")
    fixed: ClassVar[Mapping[str, tuple[Words, Mapping[str, Any]]]] = {
        "head_of_submitter": (gettext_lazy("Head of the submitter's department"), {"head_of": "submitter"})
    }
    editor: ClassVar[Mapping[str, Option]] = {
        "head_of": Option(gettext_lazy("Department"), picks="department", order=2),
    }
    head_of: str

    def resolve(self, at: Situation) -> Assignment:
        """Return the head who holds office now."""
        if self.head_of == "submitter":
            return person(superior_of(at.dossier.submitter), "head_of_submitter")
        return person(head_of(department_called(self.head_of)), "head")

    def nobody_today(self) -> str:
        """Return why the head of a named department is not there; the submitter's is known with the dossier."""
        if self.head_of == "submitter":
            return ""
        try:
            person(head_of(department_called(self.head_of)), "head")
        except NobodyError as nobody:
            return nobody.why
        return ""

    def words(self) -> str:
        """Say the rule."""
        if self.head_of == "submitter":
            return _("head of the submitter's department")
        return _("head of %(department)s") % {"department": self.head_of}

    def problems(self, scope: LintScope) -> list[str]:
        """Name an unknown department."""
        return [] if self.head_of == "submitter" else missing_department(self.head_of)


class DeputyOf(Post):
    """The deputy of a department; several deputies share the task as a pool."""

    code: ClassVar[str] = "deputy_of"
    title: ClassVar[Words] = gettext_lazy("Deputy head of a department")
    help: ClassVar[Words] = gettext_lazy("Several deputies share the task.")
    editor: ClassVar[Mapping[str, Option]] = {
        "deputy_of": Option(gettext_lazy("Department"), picks="department", order=2),
    }
    deputy_of: str

    def found(self) -> Assignment:
        """Return the one deputy, or the pool of them."""
        department = department_called(self.deputy_of)
        found = deputies_of(department)
        if len(found) > 1:
            return Assignment(role=f"deputy:{department.pk}", why="deputy")
        return person(found[0] if found else None, "deputy")

    def words(self) -> str:
        """Say the rule."""
        return _("deputy head of %(department)s") % {"department": self.deputy_of}

    def problems(self, scope: LintScope) -> list[str]:
        """Name an unknown department."""
        return missing_department(self.deputy_of)


class PoolOf(Strict):
    """The people of a department, or those who hold one position there."""

    department: str
    position: str | None = None

    editor: ClassVar[Mapping[str, Option]] = {
        "department": Option(gettext_lazy("Department"), picks="department", order=1),
        "position": Option(
            gettext_lazy("Only who holds the position"),
            gettext_lazy("Empty: everybody."),
            picks="position",
            order=2,
        ),
    }


class Pool(Post):
    """A group from which one person claims the task."""

    code: ClassVar[str] = "pool"
    title: ClassVar[Words] = gettext_lazy("Anyone of a department")
    help: ClassVar[Words] = gettext_lazy("The task goes to all; one claims it.")
    editor: ClassVar[Mapping[str, Option]] = {
        "pool": Option(""),
    }
    pool: PoolOf

    def found(self) -> Assignment:
        """Return the role that may claim, unless nobody holds it."""
        wanted = {"department__code": self.pool.department}
        if self.pool.position:
            wanted["position__code"] = self.pool.position
        found = places(**wanted)
        department = found[0].department_id
        role = f"post:{found[0].position_id}:{department}" if self.pool.position else f"dept:{department}"
        return Assignment(role=role, why="pool", holders=tuple(place.user for place in found))

    def words(self) -> str:
        """Say the rule."""
        return _("anyone of %(department)s") % {"department": self.pool.department}

    def problems(self, scope: LintScope) -> list[str]:
        """Name an unknown department or position."""
        missing = missing_department(self.pool.department)
        return missing + (missing_position(self.pool.position) if self.pool.position else [])
