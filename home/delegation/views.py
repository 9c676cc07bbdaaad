"""The own page “Đi vắng – ủy quyền”."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from home.forms.api import keep_on_expiry, owner_token, posted
from home.people.api import Delegation, is_search, known_matters

from .acts import delegate, revoke
from .forms import AwayForm
from .gates import delegations_visible_to, may_revoke

#: How many of those that are over or revoked stand on one page.
PAGE = 20


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """List the own delegations and those received, and make one; the same sent twice is one."""
    by: Any = request.user
    data, _files = posted(request)
    form = AwayForm(data, user=by)
    if request.method == "POST" and form.is_valid() and (row := _delegate(form, by)) is not None:
        text = _("%(delegate)s stands in for you from %(since)s to %(until)s.")
        values = {"since": f"{row.since:%d/%m/%Y}", "until": f"{row.until:%d/%m/%Y}"}
        messages.success(request, text % {"delegate": row.delegate, **values})
        return redirect("delegation:away")
    status = 422 if request.method == "POST" and not is_search(data) else 200
    context = {"form": form, "owner": owner_token(by), **_lists(request, form.known)}
    return render(request, "delegation/away.html", context, status=status)


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
def away_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then revoke; 404 for what is not the visitor's to revoke."""
    by: Any = request.user
    row = delegations_visible_to(by).filter(pk=pk).first()
    if row is None or not may_revoke(by, row):
        raise Http404
    if request.method != "POST" and row.may_be_revoked:
        _name_matters([row])
        context = {"delegation": row, "owner": owner_token(by)}
        return render(request, "delegation/revoke.html", context)
    if request.method == "POST":
        _revoke(request, row, by)
    return redirect("delegation:away")


def _delegate(form: AwayForm, by: Any) -> Delegation | None:
    """Store what the form holds; None with the errors on the form for what the rules forbid."""
    try:
        return delegate(by=by, principal=by, **form.wanted())
    except ValidationError as error:
        form.refuse(error)
        return None


def _revoke(request: HttpRequest, row: Delegation, by: Any) -> None:
    try:
        revoke(row.pk, by=by)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        text = _("The delegation to %(delegate)s is revoked.") % {"delegate": row.delegate}
        messages.success(request, text)


def _lists(request: HttpRequest, known: dict[str, str]) -> dict[str, Any]:
    """Return what plans or runs, given and received, and a page of what is past. Constant queries."""
    user: Any = request.user
    mine = delegations_visible_to(user).filter(Q(principal=user) | Q(delegate=user))
    today = timezone.localdate()
    ahead = list(mine.filter(revoked_at__isnull=True, until__gte=today).order_by("since", "pk"))
    past = mine.filter(Q(revoked_at__isnull=False) | Q(until__lt=today)).order_by("-since", "-pk")
    page = Paginator(past, PAGE).get_page(request.GET.get("page"))
    _name_matters([*ahead, *page.object_list], known)
    return {
        "given": [row for row in ahead if row.principal_id == user.pk],
        "received": [row for row in ahead if row.delegate_id == user.pk],
        "past": page,
    }


def _name_matters(rows: Iterable[Any], known: dict[str, str] | None = None) -> None:
    """Put the names of its matters on each row, as `matter_names`; a matter that is gone keeps its code."""
    names = known_matters() if known is None else known
    for row in rows:
        row.matter_names = [names.get(code, code) for code in sorted(row.codes or ())]
