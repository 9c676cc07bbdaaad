"""Logo and colour of the office, for everybody: the login page shows them too."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from .colours import style_of
from .reading import office_of

#: The address changes with what it shows.
_FOR_EVER = "public, max-age=31536000, immutable"


@login_not_required
@require_safe
def logo(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send the logo; 404 for one that is no longer used."""
    office = office_of(request)
    if not office.logo or office.logo_name != name:
        raise Http404
    try:
        file = office.logo.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(file, content_type="image/png")
    answer.headers["Cache-Control"] = _FOR_EVER
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@login_not_required
@require_safe
def style(request: HttpRequest, colour: str) -> HttpResponse:
    """Send the style sheet of the office's colour; 404 for any other colour."""
    if office_of(request).colour != f"#{colour}":
        raise Http404
    answer = HttpResponse(style_of(f"#{colour}"), content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = _FOR_EVER
    return answer
