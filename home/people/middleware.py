"""The language of each request, and the one door that everybody passes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware as DjangoAuthenticationMiddleware
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from home.office.api import office_of

from .remembering import remember_while_reading

logger = logging.getLogger(__name__)


class AuthenticationMiddleware(DjangoAuthenticationMiddleware):
    """Read the person of the session at once: every page asks who reads it, hundreds of times.

    Django's own hands out a stand-in that reads the person when first asked, and that each later question goes through.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Put the person on the request."""
        super().process_request(request)
        request.user = get_user(request)


class LanguageMiddleware:
    """Vietnamese first: the reader's own choice, then the cookie of a visitor, then the office's language.

    The browser's Accept-Language is not asked: most machines of an office report English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the language for the time of this request."""
        language = getattr(request.user, "language", "") or request.COOKIES.get(
            settings.LANGUAGE_COOKIE_NAME, ""
        )
        if language not in dict(settings.LANGUAGES):
            language = _language_of_office(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def _language_of_office(request: HttpRequest) -> str:
    """Return what visitors read who have chosen nothing; while the database is away, what the settings say."""
    try:
        return office_of(request).language or settings.LANGUAGE_CODE
    except OperationalError:
        logger.exception("The language of the office is unknown.")
        return settings.LANGUAGE_CODE


class RememberMiddleware:
    """Requests that only read may use what this process remembers of the reader; acts ask the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Allow it for GET and HEAD."""
        if request.method in {"GET", "HEAD"} and request.user.is_authenticated:
            remember_while_reading(request.user)
        return self.get_response(request)


class LoginRequiredMiddleware(DjangoLoginRequiredMiddleware):
    """Everything needs a login, except views marked `login_not_required`.

    After the login people come back to the page that they were on: for a form that was sent, that is the page
    it stood on. An htmx request leads the whole page to the login, not the fragment that it asked for.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        """Send the visitor to the login page."""
        page = self._page(request)
        if request.method not in {"GET", "HEAD"}:
            messages.warning(
                request, _("Your session has expired. Nothing was changed: log in and try again.")
            )
        answer = redirect_to_login(
            page, self.get_login_url(view_func), self.get_redirect_field_name(view_func)
        )
        if not request.headers.get("HX-Request"):
            return answer
        return HttpResponse(headers={"HX-Redirect": answer.url})

    def _page(self, request: HttpRequest) -> str:
        """Return the path of the page that the visitor saw."""
        fragment = request.headers.get("HX-Request")
        if request.method in {"GET", "HEAD"} and not fragment:
            return request.get_full_path()
        seen = request.headers.get("HX-Current-URL" if fragment else "Referer", "")
        secure = request.is_secure()
        if not url_has_allowed_host_and_scheme(seen, {request.get_host()}, require_https=secure):
            return settings.LOGIN_REDIRECT_URL
        parts = urlsplit(seen)
        return parts._replace(scheme="", netloc="", fragment="").geturl() or settings.LOGIN_REDIRECT_URL
