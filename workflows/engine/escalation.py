"""What happens to a task by the clock: its people are reminded, their head is told, it is passed on, or it ends."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from home.forms.api import localized
from home.people.api import Department, User, head_of, superior_of
from workflows.dossiers.api import DISPATCH
from workflows.steps.api import Assignment, Delay, Late, Outcome, Situation, Turn, assign, steps, unit_of

from .errors import FaultError
from .goals import goal_of
from .runtime import complete
from .standing_in import asked

#: Why a task is where it is, or how it ended.
WHY = "late"


def is_reminder(option: Delay) -> bool:
    """Tell whether an option only reminds those who have the task."""
    return not isinstance(option, Late) or option.do == "remind"


def takes_away(option: Delay) -> bool:
    """Tell whether an option takes the task from those who have it."""
    return isinstance(option, Late) and option.do in ("reassign", "outcome")


def act_on(option: Delay, task: Task, turn: Turn) -> None:
    """Do what an option of the step says, within a turn that nobody acts in. Raises `FaultError`, `InvalidActError`."""
    if not isinstance(option, Late) or option.do == "remind":
        _remind(task, turn)
    elif option.do == "head":
        _tell_head(task, turn)
    elif option.do == "reassign":
        _pass_on(option, task, turn)
    else:
        _end(option, task, turn)


def _remind(task: Task, turn: Turn) -> None:
    turn.only_tell()
    people = asked(holders(task), task, turn)
    turn.notify("task.reminded", people, task, **_about(task))
    turn.log("task.reminded", task=task.pk, step=_step(task), people=[person.username for person in people])


def _tell_head(task: Task, turn: Turn) -> None:
    head = head_above(task)
    _escalate(Assignment(user=head) if head else Assignment(role=DISPATCH), task, turn)


def _escalate(to: Assignment, task: Task, turn: Turn) -> None:
    turn.only_tell()
    turn.principals |= to.principals()
    turn.notify("task.escalated", asked(to, task, turn), task, who=title_of(holders(task)), **_about(task))
    turn.log("task.escalated", task=task.pk, step=_step(task), to=_name(to))


def _pass_on(option: Late, task: Task, turn: Turn) -> None:
    before, found = holders(task), _successor(option, task, turn)
    if found.principals() == before.principals():
        # There is nobody else to give it to, so somebody has to look.
        _escalate(Assignment(role=DISPATCH), task, turn)
        return
    task.owner, task.owner_permission = found.user, found.role or None
    task.status = STATUS.ASSIGNED if found.user else STATUS.NEW
    task.assigned = turn.at if found.user else None
    task.data["why"] = WHY
    task.save(update_fields=["owner", "owner_permission", "status", "assigned", "data"])
    turn.keep_state()
    turn.principals |= found.principals()
    told = asked(found, task, turn)
    turn.notify("task.assigned" if found.user else "task.claimable", told, task, **_about(task))
    others = [person for person in asked(before, task, turn) if person not in told]
    turn.notify("task.passed_on", others, task, **_about(task))
    names = {"before": _name(before), "now": _name(found)}
    turn.log("task.reassigned", task=task.pk, step=_step(task), why=WHY, **names)


def _successor(option: Late, task: Task, turn: Turn) -> Assignment:
    """Return who gets a late task; of a step that judges the dossier it is never its submitter."""
    node, at = task.flow_task, Situation(turn, task.process.coerced, task.token.token)
    head = head_above(task) if option.to is None else None
    if head is not None and not (node.not_submitter and head.pk == turn.dossier.submitter_id):
        return Assignment(user=head)
    rule = option.to or node.spec.fallback
    return assign(rule, node.spec.fallback, at, not_submitter=node.not_submitter)


def _end(option: Late, task: Task, turn: Turn) -> None:
    """End the task with the outcome of the option, in nobody's name."""
    spec = task.flow_task.spec
    outcome = _outcome(option, task)
    goal = goal_of(task, outcome, "")
    had = holders(task)
    turn.note = _words(option)
    turn.log(
        "task.decided",
        task=task.pk,
        step=spec.id,
        outcome=outcome.code,
        note=turn.note,
        to=goal,
        why=WHY,
        before=_name(had),
    )
    turn.notify("task.expired", asked(had, task, turn), task, note=turn.note, **_about(task))
    # Nobody decided: neither rules nor pages may take the late owner for the one who did.
    task.owner = None
    complete(task, turn, outcome=outcome, to=goal)


def _outcome(option: Late, task: Task) -> Outcome:
    spec = task.flow_task.spec
    known = {outcome.code: outcome for outcome in steps.get(spec.kind).outcomes(spec)}
    if option.outcome not in known:
        raise FaultError(f"{spec.id} has no outcome {option.outcome!r}. Known: {', '.join(known)}.")
    return known[option.outcome]


def _words(option: Late) -> str:
    """Return the words that an automatic decision gives, in the office's language since they are stored."""
    with override(settings.LANGUAGE_CODE):
        return localized(option.note) or _("Decided automatically, because the step was late.")


def holders(task: Task) -> Assignment:
    """Return who has a task: its owner, or the role whose holders may claim it."""
    if task.owner is not None:
        return Assignment(user=task.owner)
    return Assignment(role=task.owner_permission or DISPATCH)


def head_above(task: Task) -> User | None:
    """Return the head of whoever has the task, or the next one up where there is none."""
    if task.owner is not None:
        return superior_of(task.owner)
    unit: Department | None = unit_of(None, task.owner_permission or "")
    while unit is not None:
        head = head_of(unit)
        if head is not None:
            return head
        unit = unit.parent
    return None


def _name(holder: Assignment) -> str:
    return holder.user.username if holder.user else holder.role


def title_of(holder: Assignment) -> str:
    """Say who has a task: the person, or the department of the pool."""
    if holder.user is not None:
        return str(holder.user)
    unit = unit_of(None, holder.role)
    return unit.name if unit is not None else ""


def _step(task: Task) -> str:
    step: str = task.flow_task.spec.id
    return step


def _about(task: Task) -> dict[str, str]:
    """Return the parameters of what people are told: the step, and when it was or is due."""
    return {"step": task.flow_task.spec.title, "due": task.scheduled.isoformat() if task.scheduled else ""}
