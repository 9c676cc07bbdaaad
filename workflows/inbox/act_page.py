"""The page that asks for a reason, and often for a person, before an act is carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.forms.api import clean_text, owner_token, posted
from home.people.api import is_search, query_in
from workflows.dossiers.api import Dossier
from workflows.engine.api import MAX_NOTE, BusyError, ConflictError, FaultError, InvalidActError

from .clashes import Typed, busy_words, conflict_page
from .gate import reader_of
from .participants import Offer

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
