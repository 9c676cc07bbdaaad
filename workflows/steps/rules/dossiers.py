"""Rules that depend on the dossier: its submitter, its answers, what was done and written on its way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.people.api import Department, User, head_of, superior_of

from ..editor import Option, Words
from ..instructed import InstructionOf, role_words
from ..lists import item_of
from ..situation import Situation
from ..who import Assignment, NobodyError, Rule
from .posts import person, places

if TYPE_CHECKING:
    from ..registry import LintScope


def of_item(item: str, why: str) -> Assignment:
    """Assign the person (`user:5`) or the head of the department (`dept:3`) of an item. Raises `NobodyError`."""
    kind, _colon, key = item.partition(":")
    if kind == "user":
        return person(User.objects.filter(pk=key).first(), why)
    if kind != "dept":
        raise NobodyError("unnamed")
    return person(head_of(active_department(key)), why)


def active_department(key: str | int) -> Department:
    """Return an active department by its key. Raises `NobodyError` when it was closed."""
    found = Department.objects.filter(pk=key, is_active=True).first()
    if found is None:
        raise NobodyError("no_department")
    return found


def item_of_answer(at: Situation, key: str) -> str:
    """Return whom an answer names first (`dept:3`, `user:5`). Raises `NobodyError` when it names nobody."""
    kinds = {field.key: field.kind for field in at.process.flow_class.schema.fields()}
    raw = at.answers.get(key)
    rows = raw if isinstance(raw, list) else [raw]
    item = next(filter(None, (item_of(row, kinds.get(key, "")) for row in rows)), "")
    if not item:
        raise NobodyError("unnamed")
    return item


def unnamed(scope: LintScope, key: str) -> list[str]:
    """Return what is wrong with a question that has to name a department or a person."""
    kinds = {field.key: field.kind for field in scope.schema.fields()}
    if key not in kinds:
        return [_("No question of the form is called “%(key)s”.") % {"key": key}]
    if kinds[key] not in ("department", "person"):
        return [_("The question “%(key)s” names neither a department nor a person.") % {"key": key}]
    return []


class Submitter(Rule):
    """The person who submitted the dossier."""

    code: ClassVar[str] = "submitter"
    title: ClassVar[Words] = gettext_lazy("The submitter")
    help: ClassVar[Words] = gettext_lazy("Whoever handed in the dossier.")
    submitter: Literal[True]

    def resolve(self, at: Situation) -> Assignment:
        """Return the submitter, unless they left."""
        return person(at.dossier.submitter, "submitter")

    def words(self) -> str:
        """Say the rule."""
        return _("the submitter")


class OfItem(Rule):
    """The unit or person for whom an *each* block runs: of a unit its head, or anyone of it."""

    code: ClassVar[str] = "item"
    title: ClassVar[Words] = gettext_lazy("The unit or person that it runs for")
    help: ClassVar[Words] = gettext_lazy("Only inside of a “for each” block.")
    editor: ClassVar[Mapping[str, Option]] = {
        "item": Option(
            gettext_lazy("Of a unit"),
            choices={"head": gettext_lazy("its head"), "anyone": gettext_lazy("anyone of it")},
        )
    }
    item: Literal["head", "anyone"]

    def resolve(self, at: Situation) -> Assignment:
        """Return the person, the unit's head, or the unit as a pool."""
        kind, _colon, key = at.item.partition(":")
        if self.item == "head" or kind != "dept":
            return of_item(at.item, "item")
        places(department=active_department(key).pk)
        return Assignment(role=f"dept:{key}", why="item")

    def words(self) -> str:
        """Say the rule."""
        return _("the head of each unit") if self.item == "head" else _("anyone of each unit")

    def problems(self, scope: LintScope) -> list[str]:
        """Refuse the rule outside of such a block."""
        path = scope.paths.get(scope.step, ())
        if any(scope.steps[block].kind == "each" for block, _branch in path):
            return []
        return [_("Only inside a “for each” block is there a unit to name.")]


class DoneBy(Rule):
    """Whoever did an earlier step; of several rounds, the last one."""

    code: ClassVar[str] = "done_by"
    title: ClassVar[Words] = gettext_lazy("Whoever did an earlier step")
    help: ClassVar[Words] = gettext_lazy("The same person once more.")
    editor: ClassVar[Mapping[str, Option]] = {
        "done_by": Option(gettext_lazy("Earlier step"), picks="step", only=("human",)),
    }
    problem_code: ClassVar[str] = "flows.E070"
    done_by: str

    def resolve(self, at: Situation) -> Assignment:
        """Return whose task the step was, unless they left or it was never done."""
        user = at.done_by(self.done_by)
        if user is None:
            raise NobodyError("not_done")
        return person(user, "done_by")

    def words(self) -> str:
        """Say the rule."""
        return _("who did the step “%(step)s”") % {"step": self.done_by}

    def problems(self, scope: LintScope) -> list[str]:
        """Name a step that is not before this one, or that no person carries out."""
        from ..spec import HumanSpec

        if self.done_by not in scope.earlier:
            return [_("The step “%(step)s” is not before this one.") % {"step": self.done_by}]
        if not isinstance(scope.steps[self.done_by], HumanSpec):
            return [_("No person does the step “%(step)s”.") % {"step": self.done_by}]
        return []


class OfAnswer(Rule):
    """The person that an answer names, or the head of the department that it names."""

    code: ClassVar[str] = "answer"
    title: ClassVar[Words] = gettext_lazy("Whom an answer names")
    help: ClassVar[Words] = gettext_lazy("The person, or the head of the department.")
    editor: ClassVar[Mapping[str, Option]] = {
        "answer": Option(gettext_lazy("Question"), picks="question", only=("person", "department")),
    }
    problem_code: ClassVar[str] = "flows.E071"
    answer: str

    def resolve(self, at: Situation) -> Assignment:
        """Return whom the answer names now."""
        return of_item(item_of_answer(at, self.answer), "answer")

    def words(self) -> str:
        """Say the rule."""
        return _("named in the answer “%(key)s”") % {"key": self.answer}

    def problems(self, scope: LintScope) -> list[str]:
        """Name an unknown question, or one that names nobody."""
        return unnamed(scope, self.answer)


class HeadOfAnswer(Rule):
    """The head of the department that an answer names; of a person, the head above."""

    code: ClassVar[str] = "head_of_answer"
    title: ClassVar[Words] = gettext_lazy("Head of whom an answer names")
    help: ClassVar[Words] = gettext_lazy("The head of the department, or of the person.")
    editor: ClassVar[Mapping[str, Option]] = {
        "head_of_answer": Option(gettext_lazy("Question"), picks="question", only=("person", "department")),
    }
    problem_code: ClassVar[str] = "flows.E071"
    head_of_answer: str

    def resolve(self, at: Situation) -> Assignment:
        """Return the head who holds office now."""
        item = item_of_answer(at, self.head_of_answer)
        kind, _colon, key = item.partition(":")
        if kind == "dept":
            return of_item(item, "head_of_answer")
        named = User.objects.filter(pk=key).first()
        return person(superior_of(named) if named else None, "head_of_answer")

    def words(self) -> str:
        """Say the rule."""
        return _("head of who is named in the answer “%(key)s”") % {"key": self.head_of_answer}

    def problems(self, scope: LintScope) -> list[str]:
        """Name an unknown question, or one that names nobody."""
        return unnamed(scope, self.head_of_answer)


class OfInstruction(Rule):
    """Whom the newest instruction of a step names first in a role: the person, or the head of the department."""

    code: ClassVar[str] = "instruction"
    title: ClassVar[Words] = gettext_lazy("Whom a leader's instruction names")
    help: ClassVar[Words] = gettext_lazy("As an earlier step of assignment said.")
    editor: ClassVar[Mapping[str, Option]] = {
        "instruction": Option(""),
    }
    problem_code: ClassVar[str] = "flows.E072"
    instruction: InstructionOf

    def resolve(self, at: Situation) -> Assignment:
        """Return who is named."""
        named = at.parties(self.instruction.step, self.instruction.role)
        if not named:
            raise NobodyError("unnamed")
        return of_item(named[0], "instruction")

    def words(self) -> str:
        """Say the rule."""
        return _("named in the instruction (%(role)s)") % {"role": role_words(self.instruction.role)}

    def problems(self, scope: LintScope) -> list[str]:
        """Name a step that is not before this one or gives no instruction."""
        step = self.instruction.step
        if step not in scope.earlier:
            return [_("The step “%(step)s” is not before this one.") % {"step": step}]
        if scope.steps[step].kind != "assign":
            return [_("The step “%(step)s” gives no instruction.") % {"step": step}]
        return []
