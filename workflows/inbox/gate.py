"""What all pages of this room do before they show anything: the one gate, and who asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from home.people.api import User
from workflows.definitions.api import DamagedVersionError
from workflows.dossiers.api import Dossier
from workflows.engine.api import NotVisibleError

R = TypeVar("R", bound=HttpResponseBase)


def reader_of(request: HttpRequest) -> User:
    """Return who asks; the views are for people who are logged in."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user


def visible_dossier(request: HttpRequest, pk: int) -> Dossier:
    """Return one dossier with what every page of it shows. Raises Http404 when the reader may not know of it."""
    found = Dossier.objects.visible_to(reader_of(request)).filter(pk=pk)
    dossier = found.select_related("type", "version", "submitter", "department").first()
    if dossier is None:
        raise Http404
    return dossier


def without_trace(view: Callable[..., R]) -> Callable[..., R | HttpResponse]:
    """Answer 404 for what the reader may not see, and say so politely when a version cannot be read."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> R | HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotVisibleError:
            raise Http404 from None
        except DamagedVersionError:
            return render(request, "inbox/damaged.html", status=503)

    return wrapper


def login_first(view: Callable[..., R]) -> Callable[..., R | HttpResponse]:
    """Let only people who are logged in press a button; others log in and come to the page of the thing."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> R | HttpResponse:
        if not request.user.is_authenticated:
            # The page above: /tasks/5/claim/ → /tasks/5/
            return redirect_to_login(request.path.rstrip("/").rsplit("/", 1)[0] + "/")
        return view(request, *args, **kwargs)

    wrapper.login_required = False  # type: ignore[attr-defined]  # the check is ours
    return wrapper
