"""Lists of units and people, resolved when a block begins: for whom an *each* block runs.

An item is written `dept:3` (a department) or `user:5` (a person).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BeforeValidator, Field, SerializeAsAny, ValidationError

from home.forms.api import Strict, fault
from home.people.api import Department, User
from plugins.api.api import Registry

from .editor import Option, Words
from .instructed import InstructionOf, Role, role_words
from .registry import RefusedError
from .situation import Situation

if TYPE_CHECKING:
    from .registry import LintScope


class ItemList(Strict):
    """One way to say for whom a block runs. The key that names the list is its `code`."""

    code: ClassVar[str] = ""
    #: How the editor calls it, and a sentence on it.
    title: ClassVar[Words] = ""
    help: ClassVar[Words] = ""
    fixed: ClassVar[Mapping[str, tuple[Words, Mapping[str, Any]]]] = {}
    editor: ClassVar[Mapping[str, Option]] = {}

    @abstractmethod
    def items(self, at: Situation) -> list[str]:
        """Return the items now, in order; whoever occurs twice is asked once."""

    @abstractmethod
    def words(self) -> str:
        """Say the list in the reader's language, without looking anybody up."""

    def problems(self, scope: LintScope) -> list[str]:
        """Return what the list refers to that does not exist."""
        return []


#: More people than this are not asked one by one.
MAX_ITEMS = 200

lists: Registry[type[ItemList]] = Registry(ItemList, module="flow_lists", noun="list of units or people")


def read_list(raw: Any) -> Any:
    """Read `{answer: units}`: exactly one key names the list."""
    if not isinstance(raw, dict):
        return raw
    named = [code for code in lists.codes() if code in raw]
    if len(named) != 1:
        lines = [fault("unknown_list", known=lists.codes(), value=raw)]
        raise ValidationError.from_exception_data("ItemList", lines)
    return lists.get(named[0]).model_validate(raw)


def listed(of: ItemList, at: Situation) -> list[str]:
    """Return the items of a list now. Raises `RefusedError` when there are more than can be asked one by one."""
    items = of.items(at)
    if len(items) > MAX_ITEMS:
        words = {"count": len(items), "limit": MAX_ITEMS}
        raise RefusedError(_("The list names %(count)s; at most %(limit)s can be asked.") % words)
    return items


#: A list as a field of a step.
Items = Annotated[SerializeAsAny[ItemList], BeforeValidator(read_list)]


def item_names(items: Iterable[str]) -> dict[str, str]:
    """Return the names of departments and people by item, without those that are gone; two queries at most."""
    wanted = set(items)
    found: dict[str, str] = {}
    for prefix, model in (("dept", Department), ("user", User)):
        keys = [int(item.partition(":")[2]) for item in wanted if item.startswith(f"{prefix}:")]
        rows = model._default_manager.in_bulk(keys) if keys else {}
        found |= {f"{prefix}:{pk}": row.name if prefix == "dept" else str(row) for pk, row in rows.items()}
    return found


def unique(items: Iterable[str]) -> list[str]:
    """Return the items in order, each once."""
    return list(dict.fromkeys(items))


def item_of(raw: Any, kind: str) -> str:
    """Return the item of one answer of the field kinds `department` and `person` (`{"id": 5, …}`), or empty."""
    prefix = {"department": "dept", "person": "user"}.get(kind)
    return f"{prefix}:{raw['id']}" if prefix and isinstance(raw, dict) and raw.get("id") else ""


@lists.register
class OfDepartments(ItemList):
    """The departments that are named by their codes; those that are gone are passed over."""

    code: ClassVar[str] = "departments"
    title: ClassVar[Words] = gettext_lazy("These departments")
    help: ClassVar[Words] = gettext_lazy("In this order.")
    editor: ClassVar[Mapping[str, Option]] = {
        "departments": Option(
            gettext_lazy("Departments"), item=gettext_lazy("Department"), picks="department"
        ),
    }
    departments: Annotated[list[str], Field(min_length=1, max_length=200)]

    def items(self, at: Situation) -> list[str]:
        """Return the active departments in the order of the definition."""
        found = Department.objects.filter(code__in=self.departments, is_active=True)
        keys = dict(found.values_list("code", "pk"))
        return unique(f"dept:{keys[code]}" for code in self.departments if code in keys)

    def words(self) -> str:
        """Say the list."""
        return ", ".join(self.departments)

    def problems(self, scope: LintScope) -> list[str]:
        """Name unknown departments."""
        known = set(Department.objects.filter(code__in=self.departments).values_list("code", flat=True))
        missing = [code for code in self.departments if code not in known]
        return [_("No department is called “%(code)s”.") % {"code": code} for code in missing]


@lists.register
class OfPeople(ItemList):
    """The people who are named by their user names; those who left are passed over."""

    code: ClassVar[str] = "people"
    title: ClassVar[Words] = gettext_lazy("These people")
    help: ClassVar[Words] = gettext_lazy("In this order.")
    editor: ClassVar[Mapping[str, Option]] = {
        "people": Option(gettext_lazy("People"), item=gettext_lazy("Person"), picks="person"),
    }
    people: Annotated[list[str], Field(min_length=1, max_length=200)]

    def items(self, at: Situation) -> list[str]:
        """Return the active people in the order of the definition."""
        found = User.objects.filter(username__in=self.people, is_active=True)
        keys = dict(found.values_list("username", "pk"))
        return unique(f"user:{keys[name]}" for name in self.people if name in keys)

    def words(self) -> str:
        """Say the list."""
        return ", ".join(self.people)

    def problems(self, scope: LintScope) -> list[str]:
        """Name unknown people."""
        known = set(User.objects.filter(username__in=self.people).values_list("username", flat=True))
        missing = [name for name in self.people if name not in known]
        return [_("No person is called “%(code)s”.") % {"code": name} for name in missing]


@lists.register
class OfAnswers(ItemList):
    """The departments or people that answers name: one key, or several keys."""

    code: ClassVar[str] = "answers"
    title: ClassVar[Words] = gettext_lazy("Whom answers name")
    help: ClassVar[Words] = gettext_lazy("Departments or people that the form asks for.")
    editor: ClassVar[Mapping[str, Option]] = {
        "answers": Option(
            gettext_lazy("Questions"),
            item=gettext_lazy("Question"),
            picks="question",
            only=("person", "department"),
        ),
    }
    answers: Annotated[list[str], Field(min_length=1, max_length=50)]

    def items(self, at: Situation) -> list[str]:
        """Return what the answers name now; an answer that is empty names nobody."""
        kinds = {field.key: field.kind for field in at.process.flow_class.schema.fields()}
        found = []
        for key in self.answers:
            raw = at.answers.get(key)
            rows = raw if isinstance(raw, list) else [raw]
            found += [item_of(row, kinds.get(key, "")) for row in rows]
        return unique(filter(None, found))

    def words(self) -> str:
        """Say the list."""
        return _("named in the answers %(keys)s") % {"keys": ", ".join(self.answers)}

    def problems(self, scope: LintScope) -> list[str]:
        """Name unknown questions, and those that name neither a department nor a person."""
        kinds = {field.key: field.kind for field in scope.schema.fields()}
        missing = [key for key in self.answers if key not in kinds]
        found = [_("No question of the form is called “%(key)s”.") % {"key": key} for key in missing]
        wrong = [key for key in self.answers if kinds.get(key) not in (None, "department", "person")]
        return found + [
            _("The question “%(key)s” names neither a department nor a person.") % {"key": key}
            for key in wrong
        ]


class OfStep(InstructionOf):
    """Whom an instruction names; those who support, unless another role is said."""

    role: Role = "support"


@lists.register
class OfInstruction(ItemList):
    """Those whom a leader's instruction names in a role."""

    code: ClassVar[str] = "instruction"
    title: ClassVar[Words] = gettext_lazy("Whom a leader's instruction names")
    help: ClassVar[Words] = gettext_lazy("As an earlier step of assignment said.")
    editor: ClassVar[Mapping[str, Option]] = {
        "instruction": Option(""),
    }
    instruction: OfStep

    def items(self, at: Situation) -> list[str]:
        """Return the parties of the newest instruction of the step."""
        return unique(at.parties(self.instruction.step, self.instruction.role))

    def words(self) -> str:
        """Say the list."""
        return _("named in the instruction (%(role)s)") % {"role": role_words(self.instruction.role)}

    def problems(self, scope: LintScope) -> list[str]:
        """Name a step that does not exist or gives no instruction."""
        found = scope.steps.get(self.instruction.step)
        if found is None or found.kind != "assign":
            return [_("The step “%(step)s” gives no instruction.") % {"step": self.instruction.step}]
        return []
