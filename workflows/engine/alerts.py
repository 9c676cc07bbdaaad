"""The due date of a whole dossier: who is told before it and after it. Nothing else happens by it."""

from __future__ import annotations

from collections.abc import Iterable

from viewflow.workflow.models import Task

from home.people.api import User, head_of
from workflows.dossiers.api import DISPATCH
from workflows.steps.api import Alert, Assignment, Overdue, Turn

from .at_hand import open_tasks_of
from .escalation import head_above, holders, title_of
from .standing_in import asked


def alert(option: Alert, turn: Turn) -> None:
    """Tell people that the dossier of `turn` is due soon, or late; it stays where it is."""
    turn.only_tell()
    open_ones = list(open_tasks_of(turn.dossier))
    people: dict[int, User] = {}
    if "holders" in option.tell:
        people |= _by_key(_holders(turn, open_ones))
    if "head" in option.tell:
        people |= _by_key(_heads(turn, open_ones))
    if "dispatchers" in option.tell:
        people |= _by_key(_dispatchers(turn))
    late, due = isinstance(option, Overdue), turn.dossier.due_at
    who = dict.fromkeys(filter(None, (title_of(holders(task)) for task in open_ones)))
    turn.notify(
        "dossier.overdue" if late else "dossier.due",
        list(people.values()),
        due=due.isoformat() if due else "",
        who=", ".join(who),
    )
    names = [person.username for person in people.values()]
    turn.log("dossier.overdue" if late else "dossier.due", people=names)


def _holders(turn: Turn, open_ones: Iterable[Task]) -> list[User]:
    """Return who has the dossier, with their stand-ins; where nobody is asked, who answers for its department."""
    found = [person for task in open_ones for person in asked(holders(task), task, turn)]
    return found or _heads(turn, ())


def _heads(turn: Turn, open_ones: Iterable[Task]) -> list[User]:
    """Return the heads of those who have the dossier, else of its department, else the dispatchers."""
    above = [head for task in open_ones if (head := head_above(task)) is not None]
    unit = turn.dossier.department
    if not above and unit is not None and (head := head_of(unit)) is not None:
        above = [head]
    turn.principals |= {f"user:{head.pk}" for head in above}
    return above or _dispatchers(turn)


def _dispatchers(turn: Turn) -> list[User]:
    to = Assignment(role=DISPATCH)
    turn.principals |= to.principals()
    return to.people()


def _by_key(people: Iterable[User]) -> dict[int, User]:
    return {person.pk: person for person in people}
