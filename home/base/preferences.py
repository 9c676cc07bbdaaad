"""Choices of the reader that live in a cookie: light or dark."""

from __future__ import annotations

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

COOKIE = "theme"
ONE_YEAR = 365 * 24 * 3600


class Theme(models.TextChoices):
    """How bright the pages are."""

    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
    AUTO = "auto", _("As the system")


def theme_of(request: HttpRequest) -> str:
    """Return the theme that the reader chose; unknown cookies count as `auto`."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in _THEMES else Theme.AUTO.value


_THEMES = frozenset(Theme.values)  # asked on every page, several times


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme and go back to where the reader was."""
    back = request.POST.get("next", "") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)  # `redirect` would take a word for the name of a view
    theme = request.POST.get("theme", "")
    if theme in Theme.values:
        # Readable by the tiny script that follows the system's choice; it says nothing about the reader.
        response.set_cookie(COOKIE, theme, max_age=ONE_YEAR, samesite="Lax", secure=request.is_secure())
    return response
