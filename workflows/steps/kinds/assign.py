"""A leader's note that routes the work (bút phê)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, ClassVar, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.forms.api import FormSchema, clean_text, field_kinds
from home.people.api import Department, User, people_with_role
from home.worktime.api import add_working_days, is_working_day, subtract_working_days
from workflows.dossiers.api import Dossier, Instruction, InstructionParty

from ..editor import Option
from ..findings import Finding
from ..instructed import followed
from ..registry import Deed, LintScope, Outcome, RefusedError
from ..situation import Situation
from ..spec import HumanSpec
from ..turn import Turn
from .human import HumanStep

MAX_TEXT = 2_000
LEAD, SUPPORT, INFORMED = "lead", "support", "informed"
_OUTCOMES = (Outcome("assign", gettext_lazy("Assign")),)


class AssignSpec(HumanSpec):
    """Options: whether people can be named beside departments, and whether a due date must be set."""

    kind: Literal["assign"] = "assign"
    people: bool = False
    due: Literal["required", "optional"] = "optional"

    editor: ClassVar[Mapping[str, Option]] = {
        "people": Option(gettext_lazy("People may be named, not only departments"), order=30),
        "due": Option(
            gettext_lazy("Due date of the instruction"),
            choices={
                "optional": gettext_lazy("may be set"),
                "required": gettext_lazy("has to be set"),
            },
            order=31,
        ),
    }


class Assign(HumanStep[AssignSpec]):
    """A leader names who leads, who supports and who is informed, until when and what is to be done."""

    code = "assign"
    title = gettext_lazy("Assignment by a leader")
    help = gettext_lazy("A leader names lead, supporting and informed units, a due date and an instruction.")
    icon = "pencil-share"
    admin_icon = "group"
    Spec = AssignSpec

    def outcomes(self, spec: AssignSpec) -> Sequence[Outcome]:
        """Return the only way on."""
        return _OUTCOMES

    def ask(self, spec: AssignSpec, at: Situation, by: User) -> FormSchema:
        """Ask for the parties (items such as `dept:3`), the due date and the instruction."""
        units = _choices(people=spec.people)
        day = timezone.localdate(at.turn.at).isoformat()
        fields = [
            _choice(LEAD, _("Leads"), units, required=True),
            _choice(SUPPORT, _("Support"), units, several=True),
            _choice(INFORMED, _("Are informed"), units, several=True),
            _question("date", "due", _("Due on"), min=day, required=spec.due == "required"),
            _question("long_text", "text", _("Instruction"), max_length=MAX_TEXT),
        ]
        return FormSchema.parse({"sections": [{"fields": fields}]})

    def take(self, spec: AssignSpec, deed: Deed) -> None:
        """Write the instruction with its parties, let them read the dossier, and tell the informed."""
        extra, turn = deed.extra, deed.turn
        assert turn.by is not None  # noqa: S101 - a person assigns, never a timer
        parties = _parties(extra, people=spec.people)
        due = _due_at(str(extra.get("due") or ""), turn, required=spec.due == "required")
        text = clean_text(str(extra.get("text") or ""), lines=True)
        if len(text) > MAX_TEXT:
            message = _("The instruction is longer than %(limit)s characters.") % {"limit": MAX_TEXT}
            raise RefusedError(message, "text")
        step = deed.task.flow_task.spec.id
        instruction = Instruction.objects.create(
            dossier=turn.dossier,
            step=step,
            task_id=deed.task.pk,
            by=turn.by,
            text=text,
            due_at=due,
            given_at=turn.at,
        )
        rows = [_row(instruction, role, item) for role, item in parties]
        InstructionParty.objects.bulk_create(rows)
        turn.principals |= {item for _role, item in parties}
        informed = [item for role, item in parties if role == INFORMED]
        turn.notify("dossier.told", _people(informed), step=spec.title, message=text)
        named = {
            role: [item for other, item in parties if other == role] for role in (LEAD, SUPPORT, INFORMED)
        }
        due_on = due.isoformat() if due else None
        turn.log("dossier.instructed", task=deed.task.pk, step=step, due=due_on, note=text, **named)

    def lint(self, spec: AssignSpec, scope: LintScope) -> Iterator[Finding]:
        """Doubt an instruction that no step follows."""
        yield from super().lint(spec, scope)
        if not any(spec.id in followed(other) for other in scope.steps.values()):
            message = _("No step follows this instruction.")
            yield scope.finding("flows.W110", message, spec, level="warning")


def _question(kind: str, key: str, label: str, **options: Any) -> dict[str, Any]:
    return {"kind": kind, "key": key, "label": label, **options}


def _choice(key: str, label: str, choices: list[dict[str, str]], **options: Any) -> Any:
    """Return a question with any number of choices; a definition may list fewer."""
    Options = field_kinds.get("choice").Options  # noqa: N806 - a class
    first = choices[:1] or [{"value": "-", "label": "-"}]
    question = Options.model_validate(
        _question("choice", key, label, choices=first, style="select", **options)
    )
    listed: Any = type(question.choices[0])  # type: ignore[attr-defined]
    return question.model_copy(update={"choices": [listed.model_construct(**choice) for choice in choices]})


def _choices(*, people: bool) -> list[dict[str, str]]:
    """Return the active departments, and the active people behind them, as choices."""
    units = Department.objects.filter(is_active=True).order_by("order", "name", "pk")
    found = [{"value": f"dept:{unit.pk}", "label": unit.name} for unit in units]
    if people:
        staff = User.objects.filter(is_active=True).order_by("first_name", "last_name", "pk")
        found += [{"value": f"user:{person.pk}", "label": str(person)} for person in staff]
    return found


def _parties(extra: Mapping[str, Any], *, people: bool) -> list[tuple[str, str]]:
    """Return (role, item) of everybody named, the lead first. Raises `RefusedError`."""
    lead = extra.get(LEAD)
    if not isinstance(lead, str) or not lead:
        raise RefusedError(_("Name who leads."), LEAD)
    named = [(LEAD, lead)]
    for role in (SUPPORT, INFORMED):
        items = extra.get(role) or []
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise RefusedError(_("Please pick an entry of the list."), role)
        named += [(role, item) for item in items]
    labels = {choice["value"]: choice["label"] for choice in _choices(people=people)}
    seen: set[str] = set()
    for role, item in named:
        if item not in labels:
            raise RefusedError(_("Please pick an entry of the list."), role)
        if item in seen:
            raise RefusedError(_("%(name)s is named twice.") % {"name": labels[item]}, role)
        seen.add(item)
    return named


def _due_at(raw: str, turn: Turn, *, required: bool) -> datetime | None:
    """Return the end of the working day that was named. Raises `RefusedError`."""
    if not raw:
        if required:
            raise RefusedError(_("Set a due date."), "due")
        return None
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        raise RefusedError(
            _("Please enter a date as day/month/year, for example 24/11/2026."), "due"
        ) from None
    department = turn.dossier.department
    if day < timezone.localdate(turn.at):
        raise RefusedError(_("The due date lies in the past."), "due")
    if not is_working_day(day, department=department):
        raise RefusedError(_("Nobody works on this day. Choose a working day."), "due")
    due = end_of_day(day, turn.dossier)
    if due <= turn.at:
        raise RefusedError(_("The due date lies in the past."), "due")
    return due


def end_of_day(day: date, dossier: Dossier) -> datetime:
    """Return when work ends on a working day: the end of the first working day, counted back from the next one."""
    noon = datetime.combine(day, time(12), timezone.get_current_timezone())
    later = add_working_days(noon, 1, department=dossier.department)
    return subtract_working_days(later, 1, department=dossier.department)


def _row(instruction: Instruction, role: str, item: str) -> InstructionParty:
    kind, key = item.split(":")
    target = {"department_id": int(key)} if kind == "dept" else {"user_id": int(key)}
    return InstructionParty(instruction=instruction, role=role, **target)


def _people(items: Sequence[str]) -> list[User]:
    """Return everybody of the items, each once."""
    found: dict[int, User] = {}
    for item in items:
        kind, key = item.split(":")
        people = people_with_role(item) if kind == "dept" else User.objects.filter(pk=int(key))
        found |= {person.pk: person for person in people}
    return list(found.values())
