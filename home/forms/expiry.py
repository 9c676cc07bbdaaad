"""An expired session loses nothing: what was posted waits until the same person is back.

Every form carries a signed name of the person it was made for. A post that arrives without a session, or
with a CSRF
token that a new login has rotated, is kept for that person; after logging in, the same address shows it
again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from .files import store_upload
from .form import OWNER_NAME, OWNER_SALT
from .models import Stash

if TYPE_CHECKING:
    from home.people.models import User

#: How long a form that was left open can still be sent (seconds); as long as drafts of files live.
MAX_AGE = 7 * 24 * 3600
NOT_KEPT = frozenset({"csrfmiddlewaretoken", OWNER_NAME})

View = Callable[..., HttpResponse]


def keep_on_expiry(view: View) -> View:
    """Let only people who are logged in use a form view, and keep what they had written when the session is
    over.

    In the view, take `data, files = posted(request)` and pass both to `build_form`: on POST they are what
    was sent, on the GET after logging in again they are what had been kept, otherwise `None`.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            if request.method == "GET":
                _bring_back(request, request.user)
            return view(request, *args, **kwargs)
        if request.method == "POST":
            owner = _owner(request)
            if owner is not None:
                _keep(request, owner)
        return redirect_to_login(request.path)

    wrapper.login_required = False  # type: ignore[attr-defined]  # the check is ours
    return wrapper


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """Return `(data, files)` for `build_form`."""
    if request.method == "POST":
        return request.POST, request.FILES
    return getattr(request, "kept_data", None), None


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a post whose CSRF token is wrong: keep what a person had written, and show it to that person
    again."""
    owner = _owner(request)
    if owner is None:
        return render(request, "forms/csrf_failure.html", status=403)
    _keep(request, owner)
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    if request.user.pk != owner.pk:
        return render(request, "forms/csrf_failure.html", status=403)
    return HttpResponseRedirect(request.path)


def _owner(request: HttpRequest) -> User | None:
    """Return the active person whom the posted form was made for, if its signature is good and recent."""
    from django.contrib.auth import get_user_model

    try:
        pk = signing.loads(request.POST.get(OWNER_NAME, ""), salt=OWNER_SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    return get_user_model().objects.filter(pk=pk, is_active=True).first()


def _keep(request: HttpRequest, owner: User) -> None:
    """Store what was posted for `owner`; files become drafts, those that are not acceptable are named
    later."""
    pairs = [
        [name, value] for name, values in request.POST.lists() for value in values if name not in NOT_KEPT
    ]
    refused: list[str] = []
    for name, uploads in request.FILES.lists():
        for upload in uploads:
            try:
                pairs.append([f"{name}-kept", str(store_upload(upload, by=owner).pk)])
            except Exception as error:
                refused += getattr(error, "messages", [upload.name or ""])
    data = {"pairs": [[_plain(name), _plain(value)] for name, value in pairs], "refused": refused}
    Stash.objects.update_or_create(user=owner, path=request.path[:500], defaults={"data": data})


def _plain(value: str) -> str:
    """Drop NUL: PostgreSQL's JSON cannot hold it."""
    return value.replace("\0", "").encode("utf-8", "replace").decode()


def _bring_back(request: HttpRequest, user: User) -> None:
    """Hand what was kept for this person and address to the view, once."""
    stash = Stash.objects.filter(user=user, path=request.path[:500]).first()
    if stash is None:
        return
    data = QueryDict(mutable=True)
    for name, value in stash.data["pairs"]:
        data.appendlist(name, value)
    request.kept_data = data  # type: ignore[attr-defined]
    stash.delete()
    messages.warning(
        request, _("Your session had ended; what you wrote has been kept. Please send it again.")
    )
    for text in stash.data["refused"]:
        messages.error(request, text)
