"""Somebody else was faster: polite pages (409) that say who, what and when, and give back what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from home.forms.api import Row
from home.people.api import User
from workflows.dossiers.api import Dossier
from workflows.engine.api import ConflictError

from .answers import readable_definition
from .words import outcome_label


@dataclass(frozen=True)
class Typed:
    """What a person had typed when the act failed."""

    note: str = ""
    rows: Sequence[Row] = ()


def conflict_page(
    request: HttpRequest, clash: ConflictError, *, step_id: str = "", typed: Typed | None = None
) -> HttpResponse:
    """Answer a lost race. Who repeats an act of their own is led on, without an error."""
    if clash.by is not None and clash.by == request.user:
        return _again(request, clash)
    # The engine raises a conflict only for those who may know of the dossier.
    dossier = Dossier.objects.select_related("version").get(pk=clash.dossier_id)
    visible = Dossier.objects.visible_to(_reader(request)).filter(pk=dossier.pk).exists()
    context: dict[str, Any] = {
        "clash": clash,
        "dossier": dossier,
        "outcome": _outcome(dossier, clash, step_id),
        "typed": typed or Typed(),
        "heading": _heading(clash),
        "back_url": reverse("dossier", args=[dossier.pk]) if visible else reverse("inbox"),
        "back_label": _("See how the dossier stands now") if visible else _("Back to the inbox"),
    }
    return render(request, "inbox/conflict.html", context, status=409)


def busy_words() -> str:
    """Say that somebody else holds the dossier at this very moment."""
    return _(
        "Somebody else is working on this dossier at this very moment. Nothing was changed; please try again."
    )


def _reader(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise TypeError("Only people who are logged in get this far.")
    return user


def _again(request: HttpRequest, clash: ConflictError) -> HttpResponse:
    """Lead on who has pressed the button twice."""
    if clash.reason == "decided":
        messages.info(request, _("You have decided already; nothing was changed by the second attempt."))
    else:
        messages.info(request, _("You have this task already."))
    return redirect("dossier", clash.dossier_id)


def _heading(clash: ConflictError) -> str:
    return {
        "decided": _("This step has been decided already"),
        "claimed": _("A colleague has taken this task"),
        "closed": _("This task is no longer open"),
        "not_yours": _("This task is no longer yours"),
    }.get(clash.reason, _("Somebody else was faster"))


def _outcome(dossier: Dossier, clash: ConflictError, step_id: str) -> str:
    if clash.outcome in Dossier.State.values:
        return str(Dossier.State(clash.outcome).label)
    return outcome_label(readable_definition(dossier), step_id, clash.outcome) if clash.outcome else ""
