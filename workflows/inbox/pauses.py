"""When and why the clock of a dossier stood still, and the acts that stop it and let it go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from home.people.api import User
from home.worktime.api import working_times
from workflows.dossiers.api import Dossier, Pause
from workflows.engine.api import may_hold, may_resume


@dataclass(frozen=True)
class Link:
    """One entry of the menu of further acts: the name of its address, and of what."""

    name: str
    pk: int
    icon: str
    label: str


@dataclass(frozen=True)
class PauseRow:
    """One interval with the working time that it took."""

    pause: Pause
    until: datetime | None
    length: str


def clock_acts(dossier: Dossier, reader: User) -> list[Link]:
    """Return what the reader may do to the clock."""
    if may_resume(dossier, reader):
        return [Link("dossier_resume", dossier.pk, "player-play", _("Resume the dossier…"))]
    if may_hold(dossier, reader):
        return [Link("dossier_hold", dossier.pk, "player-pause", _("Put on hold…"))]
    return []


def pause_now(dossier: Dossier) -> Pause | None:
    """Return the pause that lasts, if the clock stands still; no query while it runs."""
    if not dossier.is_paused:
        return None
    return Pause.objects.filter(dossier=dossier, ended_at__isnull=True).select_related("by").first()


def pauses_of(dossier: Dossier) -> list[PauseRow]:
    """Return all pauses, the oldest first, each with its working time; two queries."""
    now = timezone.now()
    pauses = list(dossier.pauses.select_related("by", "ended_by"))
    spans = [(pause.started_at, pause.ended_at or now) for pause in pauses]
    lengths = working_times(spans, department=dossier.department) if spans else []
    return [
        PauseRow(pause, pause.ended_at, time_words(length))
        for pause, length in zip(pauses, lengths, strict=True)
    ]


def time_words(amount: timedelta) -> str:
    """Say an amount of working time in hours and minutes."""
    minutes = round(amount.total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    words = [ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}] if hours else []
    if rest or not hours:
        words.append(ngettext("%(count)s minute", "%(count)s minutes", rest) % {"count": rest})
    return " ".join(words)
