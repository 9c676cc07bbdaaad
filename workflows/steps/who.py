"""Who acts: assignment rules, resolved when a step begins (BPMN: potential owner)."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, SerializeAsAny, ValidationError

from home.forms.api import Strict, fault
from home.people.api import (
    ADMIN_GROUP,
    Department,
    Membership,
    Position,
    User,
    head_of,
    people_with_role,
    superior_of,
)
from plugins.api.api import Registry
from workflows.dossiers.api import DISPATCH

from .turn import Turn


@dataclass(frozen=True)
class Assignment:
    """Who gets a task: one person, or a role whose holders claim it. `why` is a stable code for the reason."""

    user: User | None = None
    role: str = ""
    why: str = ""

    def principals(self) -> set[str]:
        """Return the names under which access is granted."""
        return {f"user:{self.user.pk}"} if self.user else {self.role}

    def people(self) -> list[User]:
        """Return everyone who can act now; asked once."""
        return self._people

    @cached_property
    def _people(self) -> list[User]:
        if self.user:
            return [self.user]
        return people_with_role(self.role) if self.role != DISPATCH else _dispatchers()

    def is_only(self, user: User) -> bool:
        """Tell whether nobody but `user` could act."""
        return all(person.pk == user.pk for person in self.people())


def _dispatchers() -> list[User]:
    """Return the office's administrators, who look after what nobody else can act on."""
    return list(User.objects.filter(groups__name=ADMIN_GROUP, is_active=True).order_by("pk"))


class Rule(Strict):
    """One way to say who acts. The key that names the rule is its `code`."""

    code: ClassVar[str] = ""

    @abstractmethod
    def resolve(self, turn: Turn) -> Assignment | None:
        """Return who acts now, or None when the post is vacant."""

    @abstractmethod
    def words(self) -> str:
        """Say the rule in the reader's language, without looking anybody up."""

    def problems(self) -> list[str]:
        """Return what the rule refers to that does not exist."""
        return []


rules: Registry[type[Rule]] = Registry(Rule, module="flow_rules", noun="assignment rule")


def read_rule(raw: Any) -> Any:
    """Read `{position: …, department: …}`: exactly one key names the rule."""
    if not isinstance(raw, dict):
        return raw
    named = [code for code in rules.codes() if code in raw]
    if len(named) != 1:
        lines = [fault("unknown_rule", known=rules.codes(), value=raw)]
        raise ValidationError.from_exception_data("Rule", lines)
    return rules.get(named[0]).model_validate(raw)


#: A rule as a field of a step.
Who = Annotated[SerializeAsAny[Rule], BeforeValidator(read_rule)]


def _department(code: str) -> Department | None:
    return Department.objects.filter(code=code, is_active=True).first()


def _places(**wanted: str) -> list[Membership]:
    """Return the current memberships that fit, one for each person."""
    found = Membership.objects.current().filter(**wanted).select_related("user").order_by("user_id", "pk")
    return list({place.user_id: place for place in found}.values())


def _missing_department(code: str) -> list[str]:
    if Department.objects.filter(code=code).exists():
        return []
    return [_("No department is called “%(code)s”.") % {"code": code}]


def _missing_position(code: str) -> list[str]:
    if Position.objects.filter(code=code).exists():
        return []
    return [_("No position is called “%(code)s”.") % {"code": code}]


def _person(user: User | None, why: str) -> Assignment | None:
    return Assignment(user=user, why=why) if user is not None and user.is_active else None


@rules.register
class NamedUser(Rule):
    """One person by name; a last resort, since people move on."""

    code: ClassVar[str] = "user"
    user: str

    def resolve(self, turn: Turn) -> Assignment | None:
        """Return the person, unless they left."""
        return _person(User.objects.filter(username=self.user).first(), "user")

    def words(self) -> str:
        """Say the rule."""
        return self.user

    def problems(self) -> list[str]:
        """Name an unknown user name."""
        if User.objects.filter(username=self.user).exists():
            return []
        return [_("No person is called “%(code)s”.") % {"code": self.user}]


@rules.register
class HolderOfPosition(Rule):
    """Whoever holds a position in a department; several holders share the task as a pool."""

    code: ClassVar[str] = "position"
    position: str
    department: str

    def resolve(self, turn: Turn) -> Assignment | None:
        """Return the one holder, or the pool of them."""
        places = _places(position__code=self.position, department__code=self.department)
        if len(places) == 1:
            return Assignment(user=places[0].user, why="position")
        if not places:
            return None
        return Assignment(role=f"post:{places[0].position_id}:{places[0].department_id}", why="position")

    def words(self) -> str:
        """Say the rule."""
        return _("%(position)s, %(department)s") % {"position": self.position, "department": self.department}

    def problems(self) -> list[str]:
        """Name an unknown position or department."""
        return _missing_position(self.position) + _missing_department(self.department)


@rules.register
class HeadOf(Rule):
    """The head of a named department, or of the submitter's (then the next head up when that is the submitter)."""

    code: ClassVar[str] = "head_of"
    head_of: str

    def resolve(self, turn: Turn) -> Assignment | None:
        """Return the head who holds office now."""
        if self.head_of == "submitter":
            return _person(superior_of(turn.dossier.submitter), "head_of_submitter")
        department = _department(self.head_of)
        return _person(head_of(department), "head") if department else None

    def words(self) -> str:
        """Say the rule."""
        if self.head_of == "submitter":
            return _("head of the submitter's department")
        return _("head of %(department)s") % {"department": self.head_of}

    def problems(self) -> list[str]:
        """Name an unknown department."""
        return [] if self.head_of == "submitter" else _missing_department(self.head_of)


@rules.register
class Submitter(Rule):
    """The person who submitted the dossier."""

    code: ClassVar[str] = "submitter"
    submitter: Literal[True]

    def resolve(self, turn: Turn) -> Assignment | None:
        """Return the submitter, unless they left."""
        return _person(turn.dossier.submitter, "submitter")

    def words(self) -> str:
        """Say the rule."""
        return _("the submitter")


class PoolOf(Strict):
    """The people of a department, or those who hold one position there."""

    department: str
    position: str | None = None


@rules.register
class Pool(Rule):
    """A group from which one person claims the task."""

    code: ClassVar[str] = "pool"
    pool: PoolOf

    def resolve(self, turn: Turn) -> Assignment | None:
        """Return the role that may claim, unless nobody holds it."""
        wanted = {"department__code": self.pool.department}
        if self.pool.position:
            wanted["position__code"] = self.pool.position
        places = _places(**wanted)
        if not places:
            return None
        department = places[0].department_id
        role = f"post:{places[0].position_id}:{department}" if self.pool.position else f"dept:{department}"
        return Assignment(role=role, why="pool")

    def words(self) -> str:
        """Say the rule."""
        return _("anyone of %(department)s") % {"department": self.pool.department}

    def problems(self) -> list[str]:
        """Name an unknown department or position."""
        missing = _missing_department(self.pool.department)
        return missing + (_missing_position(self.pool.position) if self.pool.position else [])


def assign(who: Rule, fallback: Rule, turn: Turn, *, not_submitter: bool = False) -> Assignment:
    """Return who gets a step: the rule, else the fallback, else the dispatchers; never nobody.

    With `not_submitter` (decisions) a rule that ends at the submitter, or at a pool of nobody else, counts as vacant:
    nobody decides on their own dossier.
    """
    for rule, prefix in ((who, ""), (fallback, "fallback:")):
        found = rule.resolve(turn)
        if found is None:
            continue
        if not_submitter and found.is_only(turn.dossier.submitter):
            continue
        return Assignment(found.user, found.role, prefix + found.why)
    return Assignment(role=DISPATCH, why="vacant")
