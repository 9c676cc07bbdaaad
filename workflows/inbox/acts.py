"""The pages that ask for a reason before a dossier stands still or a task goes to somebody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from home.forms.api import clean_text, keep_on_expiry, owner_token, posted
from home.people.api import LIMIT, Chooser, is_search, people_options, query_in
from workflows.dossiers.api import Dossier
from workflows.engine.api import (
    MAX_NOTE,
    BusyError,
    ConflictError,
    FaultError,
    InvalidActError,
    OpenRound,
    Participant,
    TaskView,
    add_participant,
    candidates_for,
    forward,
    hold,
    may_hold,
    may_lead,
    may_reassign,
    may_recall,
    may_resume,
    open_rounds,
    reassign,
    recall,
    remove_participant,
    request_supplement,
    resume,
    view_task,
)

from .answers import readable_definition
from .clashes import Typed, busy_words, conflict_page
from .gate import reader_of, visible_dossier, without_trace
from .participants import Offer, addable, around_words, asks_several, removable

_TO_WHOM = gettext_lazy("To whom?")


@dataclass(frozen=True)
class Words:
    """What the page of one act says; without `warning` nothing is said above the reason."""

    heading: str | Promise
    warning: str | Promise
    label: str | Promise
    button: str | Promise
    done: str | Promise
    icon: str
    required: bool = True
    chooser: str | Promise = _TO_WHOM


_HOLD = Words(
    gettext_lazy("Put the dossier on hold"),
    gettext_lazy(
        "The clock stands still and nobody decides until the dossier is resumed. Due dates move on."
    ),
    gettext_lazy("Why is it put on hold?"),
    gettext_lazy("Put on hold"),
    gettext_lazy("The dossier is on hold."),
    "player-pause",
)
_RESUME = Words(
    gettext_lazy("Resume the dossier"),
    gettext_lazy("The clock goes on, and due dates move by the working time of the pause."),
    gettext_lazy("Remark"),
    gettext_lazy("Resume"),
    gettext_lazy("The dossier goes on."),
    "player-play",
    required=False,
)
_SUPPLEMENT = Words(
    gettext_lazy("Request a supplement"),
    gettext_lazy(
        "The submitter is asked to hand in what is missing. Until then the clock stands still; your task stays yours."
    ),
    gettext_lazy("What is missing?"),
    gettext_lazy("Request the supplement"),
    gettext_lazy("The submitter is asked for a supplement; the clock stands still until it is handed in."),
    "file-plus",
)
_FORWARD = Words(
    gettext_lazy("Forward the task"),
    gettext_lazy("The task becomes theirs, with everything that has been said so far. You can read along."),
    gettext_lazy("Why is it forwarded?"),
    gettext_lazy("Forward"),
    gettext_lazy("The task was passed on."),
    "arrow-forward-up",
)
_REASSIGN = Words(
    gettext_lazy("Give the task to somebody else"),
    gettext_lazy("Whoever has the task now is told that it was given to somebody else."),
    gettext_lazy("Why is it given to somebody else?"),
    gettext_lazy("Give the task"),
    gettext_lazy("The task was given to somebody else."),
    "refresh",
)

_RECALL = Words(
    gettext_lazy("Take the decision back"),
    gettext_lazy("The step is open again for you, and what the decision had opened is closed."),
    gettext_lazy("Remark"),
    gettext_lazy("Take the decision back"),
    gettext_lazy("Your decision is taken back; the step is open again."),
    "arrow-back-up",
    required=False,
)


_ADD = Words(
    gettext_lazy("Add a participant"),
    gettext_lazy("They are asked as all others are; where one is asked after another, they come last."),
    gettext_lazy("Remark"),
    gettext_lazy("Add"),
    gettext_lazy("The participant was added."),
    "users-plus",
    required=False,
    chooser=gettext_lazy("Who takes part as well?"),
)
_REMOVE = Words(
    gettext_lazy("Take a participant out"),
    gettext_lazy("What they have open is closed, and nobody waits for their answer any longer."),
    gettext_lazy("Why are they taken out?"),
    gettext_lazy("Take out"),
    gettext_lazy("The participant was taken out."),
    "users-minus",
    chooser=gettext_lazy("Who is taken out?"),
)


@dataclass(frozen=True)
class Given:
    """What a person has filled in."""

    reason: str = ""
    to: str = ""


@dataclass(frozen=True)
class Act:
    """One act on one dossier: what its page says, whether the reader may, how it is done and where it leads."""

    words: Words
    dossier: Dossier
    allowed: bool
    do: Callable[[Given], object]
    then: HttpResponse
    back: tuple[str, int]
    #: Whom to choose from, if anybody.
    offer: Offer | None = None
    #: For whom alone it is, if the dossier stands at the same place for several.
    about: str = ""


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def hold_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then stop the clock of a dossier."""
    found, reader = visible_dossier(request, pk), reader_of(request)
    act = Act(
        _HOLD,
        found,
        may_hold(found, reader),
        lambda given: hold(pk, by=reader, reason=given.reason),
        then=redirect("dossier", pk),
        back=("dossier", pk),
    )
    # Whoever comes once more, or a moment late, sees how it stands.
    return act_page(request, act, late=found.is_paused)


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def resume_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the clock of a dossier go on."""
    found, reader = visible_dossier(request, pk), reader_of(request)
    act = Act(
        _RESUME,
        found,
        may_resume(found, reader),
        lambda given: resume(pk, by=reader, reason=given.reason),
        then=redirect("dossier", pk),
        back=("dossier", pk),
    )
    return act_page(request, act, late=found.is_open and not found.is_paused)


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def supplement_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the submitter for what is missing."""
    reader = reader_of(request)
    view = view_task(pk, reader)
    act = Act(
        _SUPPLEMENT,
        view.dossier,
        may_ask_supplement(view),
        lambda given: request_supplement(pk, by=reader, reason=given.reason),
        then=redirect("task", pk),
        back=("task", pk),
    )
    return act_page(request, act, late=view.dossier.is_paused or not view.is_open)


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def forward_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Pass a task of one's own on."""
    reader = reader_of(request)
    view = view_task(pk, reader)
    return _hand(request, view, _FORWARD, allowed=may_forward(view), act=forward)


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def reassign_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody's task to somebody else."""
    reader = reader_of(request)
    view = view_task(pk, reader)
    allowed = may_reassign(view.dossier, view.task, reader)
    return _hand(request, view, _REASSIGN, allowed=allowed, act=reassign)


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def recall_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision of one's own back."""
    reader = reader_of(request)
    view = view_task(pk, reader)
    act = Act(
        _RECALL,
        view.dossier,
        may_recall(view.task, reader),
        lambda given: recall(pk, by=reader, reason=given.reason),
        then=redirect("dossier", view.dossier.pk),
        back=("task", pk),
    )
    # Who decided learns that it is too late; to others there is no such page.
    return act_page(request, act, late=reader.pk in (view.task.owner_id, view.task.data.get("by")))


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def participant_add(request: HttpRequest, pk: int, block: str) -> HttpResponse:
    """Let one more unit or person take part in a running block."""
    reader = reader_of(request)

    def do(key: int, given: Given) -> None:
        add_participant(pk, block, by=reader, item=given.to, reason=given.reason, key=key)

    return _change(request, pk, block, _ADD, offer=addable, do=do)


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def participant_remove(request: HttpRequest, pk: int, block: str) -> HttpResponse:
    """Take a unit or person out of a running block."""
    reader = reader_of(request)

    def do(key: int, given: Given) -> None:
        if not given.to:
            raise InvalidActError(_("Choose a unit or a person."), "item")
        remove_participant(pk, block, by=reader, item=given.to, reason=given.reason, key=key)

    return _change(request, pk, block, _REMOVE, offer=removable, do=do)


def _change(
    request: HttpRequest,
    pk: int,
    block: str,
    words: Words,
    *,
    offer: Callable[[list[Participant]], Offer],
    do: Callable[[int, Given], object],
) -> HttpResponse:
    found, reader = visible_dossier(request, pk), reader_of(request)
    if not asks_several(readable_definition(found), block):
        raise Http404
    one = _round(open_rounds(found, block) if found.is_open else [], request.GET.get("in", ""))
    allowed = one is not None and may_lead(found, block, reader, one.key)
    act = Act(
        words,
        found,
        allowed,
        partial(do, one.key if one else 0),
        then=redirect("dossier", pk),
        back=("dossier", pk),
        offer=offer(one.participants) if one and allowed else None,
        about=around_words(one) if one and allowed else "",
    )
    # The block may have come to its end by this very act, pressed twice.
    return act_page(request, act, late=one is None)


def _round(running: list[OpenRound], raw: str) -> OpenRound | None:
    """Return the round that the address names, or the only one that runs."""
    named = [one for one in running if str(one.key) == raw] if raw else running
    return named[0] if len(named) == 1 else None


def may_ask_supplement(view: TaskView) -> bool:
    """Return whether the reader may ask the submitter for more, from this task."""
    return view.can_act and not view.is_submitters and not view.dossier.is_paused


def may_forward(view: TaskView) -> bool:
    """Return whether the reader may pass this task on; what the submitter has to do stays theirs."""
    return view.can_act and not view.is_submitters


def _hand(
    request: HttpRequest, view: TaskView, words: Words, *, allowed: bool, act: Callable[..., object]
) -> HttpResponse:
    reader, task = reader_of(request), view.task
    people = candidates_for(task, reader)

    def do(given: Given) -> None:
        chosen = people.filter(pk=int(given.to)).first() if given.to.isdecimal() else None
        if chosen is None:
            raise InvalidActError(_("Choose a person from the list."), "to")
        act(task.pk, by=reader, to=chosen, reason=given.reason)

    late = not view.is_open or task.data.get("handed_by") == reader.pk
    found = Act(
        words,
        view.dossier,
        allowed,
        do,
        then=redirect("task", task.pk),
        back=("task", task.pk),
        offer=partial(_people, people) if allowed else None,
    )
    return act_page(request, found, late=late)


def _people(people: Any, query: str, chosen: str) -> Chooser:
    found = people_options(people, query=query, chosen=chosen)
    groups = [("", found.options)]
    return Chooser("to", groups, found.total, found.of > LIMIT, query=query, chosen=chosen)


def act_page(request: HttpRequest, act: Act, *, late: bool) -> HttpResponse:
    """Ask, or carry the act out. Who may not comes to no such page, unless it was theirs a moment ago (`late`)."""
    data, _files = posted(request)
    given = _given(data) if data else Given(to=clean_text(request.GET.get("to", "")))
    if not act.allowed:
        return _too_late(request, act, given, late=late)
    error, wrong, status = "", "", 200
    if request.method == "POST" and not is_search(data):
        try:
            act.do(given)
        except ConflictError as clash:
            return conflict_page(request, clash, typed=Typed(given.reason))
        except InvalidActError as refusal:
            error, wrong = refusal.message, refusal.field
        except FaultError as fault:
            error = _("The flow cannot go on from here: %(reason)s") % {"reason": fault.message}
        except BusyError:
            error, status = busy_words(), 409
        else:
            messages.success(request, str(act.words.done))
            return act.then
    context: dict[str, Any] = {
        "act": act,
        "words": act.words,
        "dossier": act.dossier,
        "given": given,
        "chooser": act.offer(query_in(data or {}, "to"), given.to) if act.offer else None,
        "error": error,
        "wrong": "to" if wrong in ("to", "item") else "reason",
        "owner_token": owner_token(reader_of(request)),
        "max_note": MAX_NOTE,
    }
    return render(request, "inbox/act.html", context, status=status)


def _given(data: Any) -> Given:
    # One letter more than allowed is enough to be refused.
    reason = clean_text(data.get("reason", ""), lines=True)
    return Given(reason, clean_text(data.get("to", "")))


def _too_late(request: HttpRequest, act: Act, given: Given, *, late: bool) -> HttpResponse:
    if not late:
        raise Http404
    messages.info(request, _("Nothing was changed: this has been done already, or is no longer possible."))
    if given.reason:
        messages.info(request, _("What you had written: %(text)s") % {"text": given.reason[:1000]})
    name, pk = act.back
    return redirect(name, pk)
