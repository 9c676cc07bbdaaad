"""The buttons of a decision, and what each leads to in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from home.forms.api import localized
from home.people.api import User, department_of
from workflows.dossiers.api import Dossier
from workflows.engine.api import Ahead, Next, TaskView, ahead_of
from workflows.steps.api import Outcome

from .words import TONES, role_names, rule_words

#: Of the steps that begin at the same time so many are named.
NAMED = 4


@dataclass(frozen=True)
class Button:
    """One button of the decision; `goals` are the steps to choose from, when there is a choice.

    `then` says in words what it leads to.
    """

    outcome: Outcome
    tone: str
    goals: list[tuple[str, str, bool]]
    then: str


def buttons_of(view: TaskView, reader: User, to: str = "") -> list[Button]:
    """Return a button for each outcome; `to` is the step that was chosen to go back to."""
    then = consequences_of(view, reader)
    return [_button(view, outcome, to, then.get(outcome.code, "")) for outcome in view.outcomes]


def _button(view: TaskView, outcome: Outcome, to: str, then: str) -> Button:
    specs = view.goals.get(outcome.code, ())
    goals = [(spec.id, localized(spec.title), spec.id == to) for spec in specs]
    return Button(outcome, TONES.get(outcome.tone, "secondary"), goals if len(goals) > 1 else [], then)


def consequences_of(view: TaskView, reader: User) -> dict[str, str]:
    """Return by outcome what it leads to; empty words where nothing can be said. Nothing is asked of who cannot act.

    A few queries for each outcome, the same for a dossier of any length.
    """
    if not view.can_act:
        return {}
    found = {outcome.code: ahead_of(view.task, view.dossier, outcome, reader) for outcome in view.outcomes}
    names = role_names(_roles(found.values()))
    return {code: _words(ahead, view.dossier, names) for code, ahead in found.items()}


def _roles(found: Iterable[Ahead]) -> set[str]:
    return {
        step.assignment.role
        for ahead in found
        for step in ahead.steps
        if step.assignment and step.assignment.role
    }


def _words(ahead: Ahead, dossier: Dossier, names: Mapping[str, str]) -> str:
    match ahead.kind:
        case "step":
            return _step(ahead.steps[0], dossier, names, back=ahead.back)
        case "many":
            return _("Goes to several at the same time: %(steps)s") % {"steps": _titles(ahead.steps)}
        case "depends":
            return _depends(ahead)
        case "choose":
            return _("Goes back to the step that you choose here")
        case "votes":
            return _votes(ahead)
        case "fault":
            return _("With the answers as they are, the flow cannot go on from here")
        case "end":
            return _end(ahead.state)
        case "wait":
            return _("Then it waits: “%(step)s”") % {"step": localized(ahead.steps[0].spec.title)}
    return ""


def _step(step: Next, dossier: Dossier, names: Mapping[str, str], *, back: bool) -> str:
    words = {"who": _who(step, names), "step": localized(step.spec.title)}
    if back and step.assignment and step.assignment.user and step.assignment.user.pk == dossier.submitter_id:
        return _("Goes back to the submitter, %(who)s") % words
    template = _("Goes back to %(who)s: “%(step)s”") if back else _("Goes to %(who)s: “%(step)s”")
    if step.due_at is None:
        return template % words
    due = {"due": date_format(localtime(step.due_at), "H:i d/m/Y")}
    return _("%(goes)s, due %(due)s") % ({"goes": template % words} | due)


def _who(step: Next, names: Mapping[str, str]) -> str:
    found = step.assignment
    if found is None:
        return rule_words(step.rule) if step.rule else localized(step.spec.title)
    if found.user is None:
        return names.get(found.role, found.role)
    place = department_of(found.user)
    return f"{found.user} ({place})" if place else str(found.user)


def _titles(steps: Iterable[Next]) -> str:
    titles = list(dict.fromkeys(localized(step.spec.title) for step in steps))
    more = [f"+{len(titles) - NAMED}"] if len(titles) > NAMED else []
    return "; ".join([*titles[:NAMED], *more])


def _depends(ahead: Ahead) -> str:
    if not ahead.steps:
        return _("Where it goes depends on what you fill in")
    words = {"steps": _(" or ").join(f"“{localized(step.spec.title)}”" for step in ahead.steps[:NAMED])}
    return _("Where it goes depends on what you fill in: %(steps)s") % words


def _votes(ahead: Ahead) -> str:
    tally = ahead.tally
    if tally is None:
        return ""
    left = tally.total - tally.agreed - tally.disagreed
    words = {"left": left, "agreed": tally.agreed, "needed": ahead.needed}
    return _("Counts as a vote: %(agreed)s of %(needed)s needed agree so far, %(left)s still to come") % words


def _end(state: str) -> str:
    return {
        Dossier.State.APPROVED: _("The dossier is approved and closed"),
        Dossier.State.REJECTED: _("The dossier is rejected and closed"),
    }.get(Dossier.State(state), "")
