"""The addresses that change internal remarks, and whom their text may name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from home.forms.api import clean_text, keep_on_expiry, posted
from home.people.api import Membership, User
from workflows.dossiers.api import (
    Remark,
    RemarkError,
    audiences_for,
    edit_remark,
    is_editable,
    names_in,
    remark_readers,
    withdraw_remark,
    write_remark,
)

from .dossier_pages import show_dossier
from .gate import login_first, reader_of, visible_dossier, without_trace
from .talk import Typed

#: How many people the list under the text offers.
OFFERED = 8


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def remark_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a remark, and come back to the page where it was written."""
    found, reader = visible_dossier(request, pk), reader_of(request)
    data, _files = posted(request)
    if not data:
        return redirect("dossier", pk)
    text, audience = _text(data), data.get("audience", "")
    if request.method != "POST":
        return show_dossier(request, found, Typed(text, audience))
    try:
        remark = write_remark(pk, by=reader, text=text, audience=audience)
    except RemarkError as refusal:
        return show_dossier(request, found, Typed(text, audience, refusal.message))
    _say_unheard(request, remark)
    return redirect(_back(request, pk) + f"#remark-{remark.pk}")


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def remark_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a remark of one's own that was just written."""
    remark = _own(request, pk)
    data, _files = posted(request)
    if not data:
        return redirect("dossier", remark.dossier_id)
    found, text = visible_dossier(request, remark.dossier_id), _text(data)
    if request.method != "POST":
        return show_dossier(request, found, Typed(text, remark=pk))
    try:
        remark = edit_remark(pk, by=reader_of(request), text=text)
    except RemarkError as refusal:
        # What can be changed no longer is offered as another remark.
        again = pk if is_editable(remark) else None
        return show_dossier(request, found, Typed(text, remark.audience, refusal.message, again))
    _say_unheard(request, remark)
    return redirect(_back(request, remark.dossier_id) + f"#remark-{pk}")


@login_first
@require_POST
@without_trace
def remark_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a remark of one's own back."""
    remark = _own(request, pk)
    withdraw_remark(pk, by=reader_of(request))
    messages.success(request, _("The remark is withdrawn."))
    return redirect(_back(request, remark.dossier_id) + f"#remark-{pk}")


@require_safe
@without_trace
def remark_people(request: HttpRequest, pk: int) -> JsonResponse:
    """Return who can be named in a remark: those who may read it and whose name holds what was typed."""
    if not request.user.is_authenticated:
        raise Http404
    found, reader = visible_dossier(request, pk), reader_of(request)
    audience = request.GET.get("audience", "")
    if audience not in audiences_for(found, reader):
        audience = audiences_for(found, reader)[0]
    people = remark_readers(found, audience).named_like(clean_text(request.GET.get("q", ""))[:60])
    offered = list(people.exclude(pk=reader.pk).order_by("search_name", "pk")[:OFFERED])
    places = _places(offered)
    return JsonResponse(
        {
            "people": [
                {"username": person.username, "name": str(person), "place": places.get(person.pk, "")}
                for person in offered
            ]
        }
    )


def _places(people: list[User]) -> dict[int, str]:
    """Return the department of each person's main place; one query."""
    rows = Membership.objects.current().filter(user__in=people).select_related("department")
    # The main place comes last, and so it stays.
    ordered = rows.order_by("is_primary", "-position__rank", "-pk")
    return {row.user_id: row.department.name for row in ordered}


def _own(request: HttpRequest, pk: int) -> Remark:
    reader = reader_of(request)
    remark: Remark | None = Remark.objects.visible_to(reader).filter(pk=pk, by=reader).first()
    if remark is None:
        raise Http404
    return remark


def _text(data: Any) -> str:
    return clean_text(data.get("text", ""), lines=True)


def _back(request: HttpRequest, pk: int) -> str:
    """Return the page where the remark was written: that of a task, or of the dossier."""
    task = request.POST.get("task", "")
    is_key = task.isascii() and task.isdigit() and len(task) < 19
    return reverse("task", args=[task]) if is_key else reverse("dossier", args=[pk])


def _say_unheard(request: HttpRequest, remark: Remark) -> None:
    """Say which names nobody was told under; whether such a person exists stays untold."""
    told = set(remark.mentions.values_list("user__username", flat=True)) | {remark.by.username}
    unheard = [f"@{name}" for name in names_in(remark.text) if name not in told]
    if unheard:
        words = _("Nobody was told under these names, as they cannot read this remark: %(names)s")
        messages.warning(request, words % {"names": ", ".join(unheard)})
