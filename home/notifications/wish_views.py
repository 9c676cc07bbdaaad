"""What people want to be told, by which way and when; and the end of mail by one click."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from home.people.models import User

from .forms import RhythmForm
from .models import ReaderRhythm
from .unsubscribing import WHOLE_DIGEST, read_token, unsubscribe
from .wishes import label_of, store, table_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and store which kinds the reader gets by which way, when the digest comes, and when it is quiet."""
    user: Any = request.user
    rhythm = ReaderRhythm.objects.filter(pk=user.pk).first() or ReaderRhythm(user=user)
    form = RhythmForm(request.POST if request.method == "POST" else None, instance=rhythm)
    if request.method == "POST" and form.is_valid():
        store(user, request.POST, form.instance)
        messages.success(request, _("Your choice is saved."))
        return redirect("notifications:preferences")
    table = table_of(user, request.POST if request.method == "POST" else None)
    context = {"table": table, "form": form, "no_mail": not user.email}
    return render(request, "notifications/preferences.html", context)


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to end one kind of mail, and end it.

    Only a POST changes something: mail scanners open every address. Mail programs post by themselves (RFC 8058)
    without a cookie, so that the signed token is the right to do it, not the session.
    """
    user, what = _named(request, token)
    label = _("the whole digest") if what == WHOLE_DIGEST else label_of(what)
    done = request.method == "POST"
    if done:
        unsubscribe(user, what)
    context = {"label": label, "done": done, "person": user, "whole": what == WHOLE_DIGEST}
    return render(request, "notifications/unsubscribe.html", context)


def _named(request: HttpRequest, token: str) -> tuple[User, str]:
    """Return whose mail ends and what of it; a token that is not ours is refused without a word about anybody."""
    try:
        pk, what = read_token(token)
    except signing.BadSignature as error:
        if request.method == "POST":
            raise PermissionDenied(_("This link is not valid.")) from error
        raise Http404 from error
    user = User.objects.active().filter(pk=pk).first()
    if user is None:
        raise Http404
    return user, what
