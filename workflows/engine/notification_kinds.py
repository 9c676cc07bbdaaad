"""What people are told about dossiers. Texts of definitions are parameters here, never templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.forms.api import localized
from home.notifications.api import NotificationKind, kinds
from workflows.dossiers.api import Dossier

Params = Mapping[str, Any]


def _about(params: Params) -> dict[str, str]:
    return {
        "number": str(params.get("number", "")),
        "subject": str(params.get("subject", "")),
        "step": localized(params.get("step", "")),
    }


def _line(template: str | Promise) -> Callable[[Params], str]:
    return lambda params: str(template) % _about(params)


def _note(params: Params) -> str:
    return str(params.get("note", ""))


def _closed(params: Params) -> str:
    if params.get("state") == Dossier.State.APPROVED:
        return _("Approved: %(number)s – %(subject)s") % _about(params)
    return _("Rejected: %(number)s – %(subject)s") % _about(params)


#: Why a task was closed before its owner decided.
_REASONS = {
    "decided": gettext_lazy("The block has been decided by the others."),
    "rejected": gettext_lazy("Cancelled by rejection."),
    "returned": gettext_lazy("The dossier was returned."),
    "withdrawn": gettext_lazy("The submitter withdrew the dossier."),
    "recalled": gettext_lazy("The decision before it was taken back."),
    "removed": gettext_lazy("You were taken out of this step."),
    "waived": gettext_lazy("The supplement is no longer waited for."),
}


def _why_closed(params: Params) -> str:
    reason = _REASONS.get(params.get("reason", ""), "")
    return " ".join(filter(None, [str(reason), _note(params), _("What you typed is kept.")]))


def _handed(params: Params) -> str:
    return "\n".join(
        filter(None, [_("It is with %(person)s now.") % {"person": params.get("person", "")}, _note(params)])
    )


def _told(params: Params) -> str:
    return localized(params.get("message", ""))


def _due(params: Params) -> str:
    moment = parse_datetime(str(params.get("due", "")))
    if moment is None:
        return ""
    return _("Due: %(due)s") % {"due": date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")}


def _late(params: Params) -> str:
    who = params.get("who")
    lines = [_due(params), _("With: %(who)s") % {"who": who} if who else ""]
    return "\n".join(filter(None, lines))


def _error(params: Params) -> str:
    return str(params.get("error", ""))


for _kind in (
    NotificationKind(
        "task.assigned",
        gettext_lazy("A dossier waits for me"),
        _line(gettext_lazy("%(step)s: %(number)s – %(subject)s")),
        _note,
        icon="inbox",
        mutable=False,
    ),
    NotificationKind(
        "task.claimable",
        gettext_lazy("A dossier can be claimed"),
        _line(gettext_lazy("To be claimed – %(step)s: %(number)s – %(subject)s")),
        icon="hand-grab",
    ),
    NotificationKind(
        "task.stranded",
        gettext_lazy("Nobody can be found for a dossier"),
        _line(gettext_lazy("Nobody found – %(step)s: %(number)s – %(subject)s")),
        icon="user-question",
        mutable=False,
    ),
    NotificationKind(
        "task.closed",
        gettext_lazy("A task of mine was closed"),
        _line(gettext_lazy("No longer needed – %(step)s: %(number)s – %(subject)s")),
        _why_closed,
        icon="circle-minus",
    ),
    NotificationKind(
        "dossier.returned",
        gettext_lazy("My dossier was returned"),
        _line(gettext_lazy("Returned to you: %(number)s – %(subject)s")),
        _note,
        icon="arrow-back-up",
        mutable=False,
    ),
    NotificationKind(
        "dossier.supplement",
        gettext_lazy("A supplement to my dossier is asked for"),
        _line(gettext_lazy("Supplement asked for: %(number)s – %(subject)s")),
        _note,
        icon="file-plus",
        mutable=False,
    ),
    NotificationKind(
        "dossier.held",
        gettext_lazy("A dossier was put on hold"),
        _line(gettext_lazy("On hold: %(number)s – %(subject)s")),
        _note,
        icon="player-pause",
    ),
    NotificationKind(
        "dossier.resumed",
        gettext_lazy("A dossier goes on"),
        _line(gettext_lazy("Goes on – %(step)s: %(number)s – %(subject)s")),
        _note,
        icon="player-play",
    ),
    NotificationKind(
        "task.handed",
        gettext_lazy("A task of mine went to somebody else"),
        _line(gettext_lazy("Given to somebody else – %(step)s: %(number)s – %(subject)s")),
        _handed,
        icon="user-share",
    ),
    NotificationKind(
        "dossier.closed", gettext_lazy("My dossier was decided"), _closed, _note, icon="circle-check"
    ),
    NotificationKind(
        "dossier.told",
        gettext_lazy("News of a dossier"),
        _line(gettext_lazy("%(step)s: %(number)s – %(subject)s")),
        _told,
        icon="bell",
    ),
    NotificationKind(
        "errand.failed",
        gettext_lazy("Work for a dossier has failed for good"),
        _line(gettext_lazy("Failed – %(step)s: %(number)s – %(subject)s")),
        _error,
        icon="alert-triangle",
        mutable=False,
    ),
    NotificationKind(
        "task.reminded",
        gettext_lazy("A step of mine is due soon, or late"),
        _line(gettext_lazy("Reminder – %(step)s: %(number)s – %(subject)s")),
        _due,
        icon="alarm",
    ),
    NotificationKind(
        "task.escalated",
        gettext_lazy("A step is late"),
        _line(gettext_lazy("Late – %(step)s: %(number)s – %(subject)s")),
        _late,
        icon="alert-triangle",
    ),
    NotificationKind(
        "task.passed_on",
        gettext_lazy("A late step of mine was given to others"),
        _line(gettext_lazy("Given to others, because it was late – %(step)s: %(number)s – %(subject)s")),
        _due,
        icon="refresh",
    ),
    NotificationKind(
        "task.expired",
        gettext_lazy("A late step of mine ended by itself"),
        _line(gettext_lazy("Decided automatically – %(step)s: %(number)s – %(subject)s")),
        _note,
        icon="alarm-off",
    ),
    NotificationKind(
        "dossier.due",
        gettext_lazy("A dossier is due soon"),
        _line(gettext_lazy("Due soon: %(number)s – %(subject)s")),
        _late,
        icon="alarm",
    ),
    NotificationKind(
        "dossier.overdue",
        gettext_lazy("A dossier is late"),
        _line(gettext_lazy("Past its due date: %(number)s – %(subject)s")),
        _late,
        icon="alert-triangle",
    ),
    NotificationKind(
        "timer.failed",
        gettext_lazy("A deadline could not be acted on"),
        _line(gettext_lazy("A deadline could not be acted on: %(number)s – %(subject)s")),
        _error,
        icon="alert-triangle",
        mutable=False,
    ),
):
    kinds.register(replace(_kind, group=gettext_lazy("Dossiers")))
