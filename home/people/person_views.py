"""The page of one person, and the photo."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from .chart import note_absences
from .directory import with_places
from .models import User, WorkingGroup
from .places import superior_of


@login_required
@require_safe
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an active colleague: places, telephones, who stands in, the head, and working groups."""
    person: Any = get_object_or_404(with_places(User.objects.active()), pk=pk)
    note_absences([person])
    running = WorkingGroup.objects.visible_to(request.user).running()
    inside = running.filter(members__user=person, members__left_on__isnull=True)
    context = {
        "person": person,
        "superior": superior_of(person),
        "groups": inside.order_by("name"),
        "is_me": person.pk == request.user.pk,
        "today": timezone.localdate(),
    }
    return render(request, "people/person.html", context)


@login_required
@require_safe
@cache_control(private=True, max_age=86_400, immutable=True)
def person_photo(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """Send the photo of an active colleague; its name changes with the picture, so that it may be kept."""
    person = User.objects.active().filter(pk=pk).only("photo").first()
    if person is None or not person.photo or person.photo_name != name:
        raise Http404
    try:
        content = person.photo.storage.open(person.photo.name)
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(content, content_type="image/jpeg")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
