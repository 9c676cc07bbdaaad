"""On a new server the login page leads to the wizard: nobody could log in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from .door import wizard_is_open


class SetupMiddleware:
    """Lead visitors of the login page to the wizard, as long as the office is empty."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer with the way to the wizard; asks the database for visitors of that one page only."""
        match = request.resolver_match
        at_login = match is not None and match.view_name == "login" and request.method in {"GET", "HEAD"}
        if at_login and not request.user.is_authenticated and wizard_is_open():
            return redirect("setup")
        return None
