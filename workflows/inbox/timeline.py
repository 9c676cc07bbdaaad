"""The acts on a dossier, told from the audit trail in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.audit.api import Entry, entries_for
from home.forms.api import localized
from home.people.api import User
from workflows.definitions.api import Definition
from workflows.dossiers.api import Dossier
from workflows.steps.api import REWORK, item_names, step_id_of

from .words import outcome_label, outcome_tone, title_of

#: What each verb of the engine says, and its icon. A verb of a plugin or of a later version stands for itself.
VERBS: dict[str, tuple[str | Promise, str]] = {
    "dossier.opened": (gettext_lazy("submitted the dossier"), "send"),
    "dossier.withdrawn": (gettext_lazy("withdrew the dossier"), "arrow-back"),
    "task.claimed": (gettext_lazy("took over the step"), "hand-grab"),
    "task.released": (gettext_lazy("gave the step back"), "arrow-back"),
    "task.reassigned": (gettext_lazy("gave the step to others, since nobody could act on it"), "refresh"),
    "task.handed.reassigned": (gettext_lazy("gave the step to somebody else"), "user-share"),
    "task.handed.forwarded": (gettext_lazy("passed the step on"), "user-share"),
    "task.recalled": (gettext_lazy("took the decision back"), "arrow-back-up"),
    "participant.added": (gettext_lazy("added a participant"), "user-plus"),
    "participant.removed": (gettext_lazy("took a participant out"), "user-minus"),
    "dossier.supplement": (gettext_lazy("asked the submitter for a supplement"), "file-plus"),
    "dossier.waived": (gettext_lazy("went on without the supplement"), "player-play"),
    "dossier.held": (gettext_lazy("put the dossier on hold"), "player-pause"),
    "dossier.resumed": (gettext_lazy("let the dossier go on"), "player-play"),
    "task.decided": (gettext_lazy("decided"), "message-check"),
    "dossier.migrated": (gettext_lazy("moved the dossier to another version of the flow"), "git-branch"),
    "task.reassigned:late": (gettext_lazy("gave the step to others, since it was late"), "refresh"),
    "task.decided:late": (gettext_lazy("ended the step, since it was late"), "alarm-off"),
    "task.reminded": (gettext_lazy("reminded of the step"), "alarm"),
    "task.escalated": (gettext_lazy("told those in charge that the step is late"), "alert-triangle"),
    "dossier.due": (gettext_lazy("reminded of the due date of the dossier"), "alarm"),
    "dossier.overdue": (gettext_lazy("told those in charge that the dossier is late"), "alert-triangle"),
    "task.signed": (gettext_lazy("signed under an authority"), "signature"),
    "dossier.instructed": (gettext_lazy("gave an instruction"), "pencil-share"),
    "dossier.calculated": (gettext_lazy("had answers calculated"), "math-function"),
    "number.taken": (gettext_lazy("had a number taken"), "hash"),
    "number.kept": (gettext_lazy("kept the number"), "hash"),
    "number.voided": (gettext_lazy("had a number voided"), "hash"),
    "dossier.exported": (gettext_lazy("took the dossier out of the site"), "download"),
    "paper.made": (gettext_lazy("made a paper"), "file-text"),
    "dossier.told": (gettext_lazy("had people told"), "bell"),
    "wait.over": (gettext_lazy("went on after waiting"), "hourglass"),
    "wait.over:late": (gettext_lazy("went on, since it had waited too long"), "hourglass"),
    "sub.opened": (gettext_lazy("opened a linked dossier"), "folders"),
    "errand.failed": (gettext_lazy("gave up work that kept failing"), "alert-triangle"),
    "errand.retried": (gettext_lazy("had failed work tried again"), "refresh"),
    "errand.waived": (gettext_lazy("let the dossier go on without failed work"), "player-skip-forward"),
}

_REWORK = step_id_of(REWORK)
_ICONS = {"green": "circle-check", "orange": "arrow-back-up", "red": "circle-x"}


@dataclass(frozen=True)
class Event:
    """One act: who, on whose behalf, at which step, with which outcome, reason and changed answers; and whom it
    concerned: the new holder of a step, the unit or person who joined a block or left it.
    """

    at: datetime
    verb: str
    words: str
    icon: str
    tone: str = "secondary"
    by: User | None = None
    on_behalf_of: User | None = None
    step_id: str = ""
    step: str = ""
    outcome: str = ""
    note: str = ""
    whom: str = ""
    changed: list[str] = field(default_factory=list)
    changed_keys: list[str] = field(default_factory=list)

    @property
    def is_opinion(self) -> bool:
        """Whether somebody decided something, rather than moved the dossier about."""
        return self.verb == "task.decided"


def timeline(dossier: Dossier, definition: Definition | None) -> list[Event]:
    """Return the acts on `dossier`, the oldest first. Without a definition, codes stand for words.

    One query; up to three more when acts concerned others.
    """
    labels, entries = question_labels(definition), list(entries_for(dossier.target))
    names = _names(filter(None, map(_concerned, entries)))
    return [_event(entry, definition, labels, names) for entry in entries]


def _concerned(entry: Entry) -> str:
    """Return whom an act concerned: an item (`dept:3`, `user:5`) or the name of an account."""
    data: dict[str, Any] = entry.data if isinstance(entry.data, dict) else {}
    return (
        str(data.get("item") or data.get("now") or data.get("to") or "") if entry.verb in _OF_OTHERS else ""
    )


_OF_OTHERS = frozenset(
    {
        "participant.added",
        "participant.removed",
        "task.handed.reassigned",
        "task.handed.forwarded",
        "task.reassigned",
        "task.escalated",
    }
)


def _names(concerned: Iterable[str]) -> dict[str, str]:
    wanted = set(concerned)
    items = {name for name in wanted if ":" in name}
    accounts = wanted - items
    people = User.objects.filter(username__in=accounts) if accounts else ()
    return item_names(items) | {person.username: str(person) for person in people}


def question_labels(definition: Definition | None) -> dict[str, str]:
    """Return the words of every question by key."""
    if definition is None:
        return {}
    return {question.key: localized(question.label) for question in definition.questions.fields()}


def _event(
    entry: Entry, definition: Definition | None, labels: dict[str, str], names: dict[str, str]
) -> Event:
    data: dict[str, Any] = entry.data if isinstance(entry.data, dict) else {}
    usual = VERBS.get(entry.verb, (_("did: %(act)s") % {"act": entry.verb}, "circle"))
    words, icon = VERBS.get(f"{entry.verb}:{data.get('why') or data.get('end', '')}", usual)
    step_id, outcome = str(data.get("step", "")), str(data.get("outcome", ""))
    tone = outcome_tone(definition, step_id, outcome) if outcome else "secondary"
    keys = [str(key) for key in data.get("changed") or []]
    return Event(
        at=entry.at,
        verb=entry.verb,
        words=str(words),
        icon=_ICONS.get(tone, icon) if outcome and step_id != _REWORK else icon,
        tone=tone,
        by=entry.by,
        on_behalf_of=entry.on_behalf_of,
        step_id=step_id,
        step=title_of(definition, step_id) if step_id else "",
        outcome=outcome_label(definition, step_id, outcome) if outcome else "",
        note=str(data.get("note") or data.get("child", "")),
        whom=names.get(_concerned(entry), ""),
        changed=[labels.get(key, key) for key in keys],
        changed_keys=keys,
    )
