"""The pages that ask for a reason before a dossier stands still or a task goes to somebody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from home.forms.api import keep_on_expiry
from home.people.api import LIMIT, Chooser, people_options
from workflows.engine.api import (
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

from .act_page import Act, Given, Words, act_page
from .answers import readable_definition
from .gate import reader_of, visible_dossier, without_trace
from .participants import Offer, addable, around_words, asks_several, removable

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
