"""Who acts: assignment rules, resolved when a step begins (BPMN: potential owner)."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

from django.db import DatabaseError
from pydantic import BeforeValidator, SerializeAsAny, ValidationError

from home.forms.api import Strict, fault
from home.people.api import ADMIN_GROUP, User, people_with_role
from plugins.api.api import Registry
from workflows.dossiers.api import DISPATCH

from .editor import Option, Words
from .situation import Situation

if TYPE_CHECKING:
    from .registry import LintScope


logger = logging.getLogger(__name__)


class NobodyError(Exception):
    """A rule finds nobody; `why` is a stable code.

    `vacant` (nobody holds the post), `left` (the account is closed), `is_submitter` (nobody but the submitter, where
    the step judges the dossier), `unnamed` (the answer, instruction or item names nobody), `not_done` (the step was
    not done), `no_department` (it was closed), `fault` (the rule failed; the log says how).
    """

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class Tried(NamedTuple):
    """A rule that found nobody: `key` is where it stands (`who`, `fallback`), `rule` its code, `why` the reason."""

    key: str
    rule: str
    why: str


@dataclass(frozen=True)
class Assignment:
    """Who gets a task: one person, or a role whose holders claim it. `why` is a stable code for the reason.

    `tried` are the rules that were asked before and found nobody.
    """

    user: User | None = None
    role: str = ""
    why: str = ""
    tried: tuple[Tried, ...] = ()
    #: Who holds the role, where the rule has asked already.
    holders: tuple[User, ...] = field(default=(), compare=False, repr=False)

    def reasons(self) -> dict[str, Any]:
        """Return what the task keeps of it, as plain JSON."""
        return {"why": self.why} | (
            {"tried": [tried._asdict() for tried in self.tried]} if self.tried else {}
        )

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
        if self.holders:
            return list(self.holders)
        return people_with_role(self.role) if self.role != DISPATCH else _dispatchers()

    def is_only(self, user: User) -> bool:
        """Tell whether nobody but `user` could act."""
        return all(person.pk == user.pk for person in self.people())


def _dispatchers() -> list[User]:
    """Return the office's administrators, who look after what nobody else can act on; superusers, if there are none."""
    active = User.objects.filter(is_active=True).order_by("pk")
    return list(active.filter(groups__name=ADMIN_GROUP)) or list(active.filter(is_superuser=True))


class Rule(Strict):
    """One way to say who acts. The key that names the rule is its `code`."""

    code: ClassVar[str] = ""
    #: How the editor calls it, and a sentence on it.
    title: ClassVar[Words] = ""
    help: ClassVar[Words] = ""
    #: Certain data of the rule that has an entry of its own in the editor: code → (words, data).
    fixed: ClassVar[Mapping[str, tuple[Words, Mapping[str, Any]]]] = {}
    editor: ClassVar[Mapping[str, Option]] = {}
    #: The finding that `problems` are told under.
    problem_code: ClassVar[str] = "flows.E010"
    #: Whether asking it moves a turn on: it can say who gets a task, but not who may do something.
    takes_turns: ClassVar[bool] = False

    @abstractmethod
    def resolve(self, at: Situation) -> Assignment | None:
        """Return who acts now. Raises `NobodyError` with the reason; None says that the post is vacant."""

    @abstractmethod
    def words(self) -> str:
        """Say the rule in the reader's language, without looking anybody up."""

    def problems(self, scope: LintScope) -> list[str]:
        """Return what the rule refers to that does not exist."""
        return []

    def nobody_today(self) -> str:
        """Return why the rule finds nobody today (a code of `NobodyError`); empty when it does, or the dossier says."""
        return ""


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


def assign(who: Rule, fallback: Rule, at: Situation, *, not_submitter: bool = False) -> Assignment:
    """Return who gets a step: the rule, else the fallback, else the dispatchers; never nobody.

    With `not_submitter` (decisions) a rule that ends at the submitter, or at a pool of nobody else, counts as vacant:
    nobody decides on their own dossier. What failed, and why, stays with the assignment.
    """
    at = replace(at, judges=not_submitter)
    tried: list[Tried] = []
    for key, rule, prefix in (("who", who, ""), ("fallback", fallback, "fallback:")):
        try:
            found = found_by(rule, at)
        except NobodyError as nobody:
            tried.append(Tried(key, rule.code, nobody.why))
            continue
        return replace(found, why=prefix + found.why, tried=tuple(tried))
    return Assignment(role=DISPATCH, why="vacant", tried=tuple(tried))


def found_by(rule: Rule, at: Situation) -> Assignment:
    """Return whom a rule finds. Raises `NobodyError`, also for a rule that fails: that is logged, and told to people.

    A failure of the database is no failure of the rule, and ends the act.
    """
    try:
        found = rule.resolve(at)
    except (NobodyError, DatabaseError):
        raise
    except Exception as error:
        logger.exception("Rule %r failed on dossier %s", rule, at.dossier.pk)
        raise NobodyError("fault") from error
    if found is None:
        raise NobodyError("vacant")
    if at.judges and found.is_only(at.dossier.submitter):
        raise NobodyError("is_submitter")
    return found
