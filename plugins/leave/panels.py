"""The panel on the home page: one's own leave that is under way or still to come."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from home.dashboard.api import Panel, panels
from plugins.api.api import EXAMPLE_KEY, Prepared
from workflows.dossiers.api import Dossier

TYPE = "nghi-phep"
SHOWN = 4


def my_leave(request: HttpRequest) -> Hashable | None:
    """Return the reader's requests that are open, or approved and not over yet: dossier, number, first and last day,
    state; None when there is none. One query.
    """
    if not request.user.is_authenticated:
        return None
    today = timezone.localdate()
    found = (
        (pk, number, _day(answers.get("from_on")), _day(answers.get("until_on")), state)
        for pk, number, state, answers in _newest.rows(request.user.pk)
    )
    shown = [row for row in found if row[4] in Dossier.OPEN or (row[3] and row[3] >= today)]
    return tuple(shown[:SHOWN]) or None


def _of(submitter: Any) -> QuerySet[Dossier, Any]:
    states = [*Dossier.OPEN, Dossier.State.APPROVED]
    mine = Dossier.objects.submitted_by(submitter).filter(type__code=TYPE, state__in=states)
    return mine.order_by("-opened_at").values_list("pk", "number", "state", "answers")[:20]


#: Every home page asks this: its SQL is built once.
_newest: Prepared[Dossier] = Prepared(_of, EXAMPLE_KEY)


def _day(raw: Any) -> Any:
    return parse_date(raw) if isinstance(raw, str) else None


panels.register(
    Panel(
        code="leave",
        label=_("My leave"),
        template="leave/panel.html",
        context=lambda request: {},
        shows=my_leave,
        icon="beach",
        order=60,
        column="side",
    )
)
