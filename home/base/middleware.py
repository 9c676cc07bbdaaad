"""What stands between every request and its view: no NUL in addresses, and words for a busy database."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)

#: Seconds after which trying again makes sense (RFC 9110, 10.2.3).
RETRY_AFTER = "5"


class NulMiddleware:
    """No address holds a NUL character: PostgreSQL refuses it as text, which would be a server error in any view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 404, or pass on."""
        if "\0" in request.path_info:
            raise Http404
        return self.get_response(request)


class BusyMiddleware:
    """Answer 503 and "try again" when a lock was not free in time or the database is away; nothing was changed.

    Requests are transactions or single statements, so an `OperationalError` has left nothing half done. The page needs
    no database of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a time-out of the database into a polite answer; every other fault stays one."""
        if not isinstance(exception, OperationalError):
            return None
        logger.error(
            "The database did not answer in time: %s %s", request.method, request.path, exc_info=exception
        )
        response = render(request, "errors/busy.html", status=503)
        response["Retry-After"] = RETRY_AFTER
        return response
