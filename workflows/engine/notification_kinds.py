"""What people are told about dossiers. Texts of definitions are parameters here, never templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

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


def _told(params: Params) -> str:
    return localized(params.get("message", ""))


for _kind in (
    NotificationKind(
        "task.assigned",
        gettext_lazy("A dossier waits for me"),
        _line(gettext_lazy("%(step)s: %(number)s – %(subject)s")),
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
        "task.closed",
        gettext_lazy("A task of mine was closed"),
        _line(gettext_lazy("No longer needed – %(step)s: %(number)s – %(subject)s")),
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
        "dossier.closed", gettext_lazy("My dossier was decided"), _closed, _note, icon="circle-check"
    ),
    NotificationKind(
        "dossier.told",
        gettext_lazy("News of a dossier"),
        _line(gettext_lazy("%(step)s: %(number)s – %(subject)s")),
        _told,
        icon="bell",
    ),
):
    kinds.register(_kind)
