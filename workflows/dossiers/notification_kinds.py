"""What people are told about remarks, and about the dossiers that they follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.forms.api import localized
from home.notifications.api import NotificationKind, kinds

from .models import Dossier

Params = Mapping[str, Any]


def _mentioned(params: Params) -> str:
    words = {"by": params.get("by", ""), "number": params.get("number", "")}
    return _("%(by)s mentions you: %(number)s") % words


def _text(params: Params) -> str:
    return str(params.get("text", ""))


_ENDS = {
    Dossier.State.APPROVED: gettext_lazy("approved: %(number)s – %(subject)s"),
    Dossier.State.REJECTED: gettext_lazy("rejected: %(number)s – %(subject)s"),
    Dossier.State.WITHDRAWN: gettext_lazy("withdrawn: %(number)s – %(subject)s"),
    Dossier.State.RETURNED: gettext_lazy("returned: %(number)s – %(subject)s"),
}


def _followed(params: Params) -> str:
    words = {"number": params.get("number", ""), "subject": params.get("subject", "")}
    template = _ENDS.get(params.get("state", "")) or gettext_lazy("has gone on: %(number)s – %(subject)s")
    return _("Followed dossier %(news)s") % {"news": str(template) % words}


def _step(params: Params) -> str:
    step, outcome = localized(params.get("step", "")), localized(params.get("outcome", ""))
    lines = [f"{step}: {outcome}" if step and outcome else step, str(params.get("note", ""))]
    return "\n".join(filter(None, lines))


kinds.register(
    NotificationKind(
        "remark.mentioned",
        gettext_lazy("Somebody mentions me in a remark"),
        _mentioned,
        _text,
        icon="message-circle",
        group=gettext_lazy("Dossiers"),
    )
)
kinds.register(
    NotificationKind(
        "dossier.followed",
        gettext_lazy("A dossier that I follow was decided or has ended"),
        _followed,
        _step,
        icon="star",
        group=gettext_lazy("Dossiers"),
    )
)
