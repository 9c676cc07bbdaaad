"""Acts on several tasks at once: claim, release, decide. Each is an act of its own, with a result of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from home.forms.api import clean_text
from home.people.api import User
from workflows.definitions.api import DamagedVersionError
from workflows.dossiers.api import Dossier, own_names_of
from workflows.engine.api import (
    LINE,
    MAX_NOTE,
    URGENCY,
    BusyError,
    ConflictError,
    EngineError,
    FaultError,
    InvalidActError,
    TaskRow,
    claim,
    decide,
    human_tasks,
    merged,
    plain_outcomes,
    release,
    rows_of,
)
from workflows.steps.api import Outcome

from .clashes import busy_words
from .gate import login_first, reader_of
from .tabs import tab_of
from .tasks import what_next
from .words import TONES

#: Tasks in one request at most: two pages of the list.
MOST = 50


@dataclass(frozen=True)
class Result:
    """What became of one task; without a row nobody is told what it was."""

    row: TaskRow | None
    done: bool
    words: str


@dataclass(frozen=True)
class Offer:
    """An outcome that some of the chosen tasks offer. `key` names it whatever its step."""

    key: str
    outcome: Outcome
    tone: str
    number: int


@login_first
@require_POST
def several(request: HttpRequest) -> HttpResponse:
    """Claim or release the chosen tasks, or ask how to decide them, or decide them."""
    reader, keys = reader_of(request), _chosen(request)
    act = request.POST.get("act", "")
    back = tab_of(request.POST.get("tab", "")).code
    if not keys:
        messages.error(request, _("Choose at least one task: tick the box in front of it."))
        return redirect(f"/inbox/?tab={back}") if back != "mine" else redirect("inbox")
    rows = rows_by_key(keys, reader)
    if act == "claim":
        return _results(request, back, [_try(rows.get(key), key, reader, _claimed(reader)) for key in keys])
    if act == "release":
        return _results(request, back, [_try(rows.get(key), key, reader, _released(reader)) for key in keys])
    return _decided(request, reader, keys, rows, back)


def _chosen(request: HttpRequest) -> list[int]:
    """Return the keys of the chosen tasks, each once, in their order."""
    found = [
        int(text)
        for text in request.POST.getlist("task")
        if text.isascii() and text.isdigit() and len(text) <= 18
    ]
    return list(dict.fromkeys(found))[:MOST]


def rows_by_key(keys: Sequence[int], reader: User) -> dict[int, TaskRow]:
    """Return what a page shows of these tasks, of those of which the reader may know. Three queries.

    Tasks that are over are among them: somebody else may have been faster.
    """
    tasks = human_tasks().filter(pk__in=keys)
    lines = list(merged([tasks], URGENCY, columns=LINE, limit=len(keys)))
    dossiers = {line["process__dossierprocess__dossier"] for line in lines}
    seen = set(Dossier.objects.visible_to(reader).filter(pk__in=dossiers).values_list("pk", flat=True))
    mine = own_names_of(reader)
    return {
        row.task_id: row
        for row, line in zip(rows_of(lines, reader), lines, strict=True)
        if row.dossier.pk in seen
        or line["owner"] == reader.pk
        or (line["owner"] is None and line["owner_permission"] in mine)
        or row.on_behalf_of is not None
    }


# --- one task ------------------------------------------------------------------------------------------------


def _claimed(reader: User) -> Callable[[int], str]:
    def act(key: int) -> str:
        claim(key, by=reader)
        return _("It is yours now.")

    return act


def _released(reader: User) -> Callable[[int], str]:
    def act(key: int) -> str:
        release(key, by=reader)
        return _("It is open to your colleagues again.")

    return act


def _try(row: TaskRow | None, key: int, reader: User, act: Callable[[int], str]) -> Result:
    """Act on one task, in a transaction of its own, and say how it went. What is refused changes nothing."""
    if row is None:
        return Result(None, False, _("This task does not exist any more."))
    try:
        return Result(row, True, act(key))
    except DamagedVersionError:
        return Result(row, False, _("The flow of this dossier cannot be read. The administrators know why."))
    except EngineError as error:
        return Result(row, False, _refused(error, reader))


_LOST: Mapping[str, str | Promise] = {
    "decided": gettext_lazy("%(person)s has decided it already."),
    "claimed": gettext_lazy("%(person)s has it now."),
    "closed": gettext_lazy("It is closed: the dossier has gone on without it."),
    "not_yours": gettext_lazy("It is not yours any more."),
}


def _refused(error: EngineError, reader: User) -> str:
    """Say why an act did not happen."""
    if isinstance(error, ConflictError):
        if error.reason == "decided" and error.by == reader:
            return _("You have decided it already; nothing was changed by the second attempt.")
        return str(_LOST[error.reason]) % {"person": error.by or _("Somebody else")}
    if isinstance(error, InvalidActError):
        return error.message
    if isinstance(error, FaultError):
        return _("The flow cannot go on from here: %(reason)s") % {"reason": error.message}
    return busy_words() if isinstance(error, BusyError) else _("This task does not exist any more.")


# --- decisions -----------------------------------------------------------------------------------------------


def _decided(
    request: HttpRequest, reader: User, keys: Sequence[int], rows: Mapping[int, TaskRow], back: str
) -> HttpResponse:
    """Decide the tasks that offer the chosen outcome; until one is chosen, ask for it."""
    offers = _offers(rows.values())
    note = clean_text(request.POST.get("note", ""), lines=True)
    offer = offers.get(request.POST.get("outcome", ""))
    is_asked = request.POST.get("act") != "decide"
    error = "" if is_asked else _wrong(offer, note)
    if offer is None or is_asked or error:
        context = {
            "rows": [(rows[key], _hindrance(rows[key])) for key in keys if key in rows],
            "offers": offers.values(),
            "chosen": request.POST.get("outcome", ""),
            "note": note,
            "error": error,
            "tab": back,
            "max_note": MAX_NOTE,
        }
        return render(request, "inbox/several.html", context)
    return _results(
        request,
        back,
        [_try(rows.get(key), key, reader, _deciding(reader, rows, offer, note)) for key in keys],
    )


def _hindrance(row: TaskRow) -> str:
    """Say why a task can probably not be decided with others; "" when it can."""
    if not plain_outcomes(row):
        return _("asks more than a decision: open it on its own")
    return _("the clock of the dossier stands still") if row.dossier.is_paused else ""


def _deciding(reader: User, rows: Mapping[int, TaskRow], offer: Offer, note: str) -> Callable[[int], str]:
    def act(key: int) -> str:
        if offer.key not in _offers([rows[key]]):
            words = _("This step does not offer “%(outcome)s” here.") % {"outcome": offer.outcome.label}
            raise InvalidActError(words)
        return what_next(decide(key, by=reader, outcome=offer.outcome.code, note=note))

    return act


def _wrong(offer: Offer | None, note: str) -> str:
    """Say what is missing or wrong before anything is decided."""
    if offer is None:
        return _("Choose one of the decisions.")
    if offer.outcome.note_required and not note:
        return _("Give a reason, so that the others know what to do.")
    if len(note) > MAX_NOTE:
        return _("The note is longer than %(limit)s characters.") % {"limit": MAX_NOTE}
    return ""


def _offers(rows: Any) -> dict[str, Offer]:
    """Return the outcomes of these tasks, those that most offer first."""
    found: dict[str, Offer] = {}
    for row in rows:
        for outcome in plain_outcomes(row):
            key = f"{outcome.code}:{outcome.label}"
            number = found[key].number + 1 if key in found else 1
            required = outcome if outcome.note_required or key not in found else found[key].outcome
            found[key] = Offer(key, required, TONES.get(outcome.tone, "secondary"), number)
    return dict(sorted(found.items(), key=lambda pair: -pair[1].number))


def _results(request: HttpRequest, back: str, results: Sequence[Result]) -> HttpResponse:
    """Show what became of each task."""
    context = {
        "done": [result for result in results if result.done],
        "failed": [result for result in results if not result.done],
        "tab": back,
    }
    return render(request, "inbox/several_done.html", context)
