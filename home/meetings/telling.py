"""Who is concerned by a meeting, and what they are told."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from home.notifications.api import send
from home.people.api import Membership, User

from .models import Meeting


def concerned(meeting: Meeting) -> list[User]:
    """Return the active people whom a meeting concerns: chair, people named, and the departments invited.

    A department stands for those below it too. That the office's schedule shows a meeting concerns nobody.
    """
    below = Q(pk__in=[])
    for path in meeting.departments.values_list("path", flat=True):
        below |= Q(department__path__startswith=path)
    members = Membership.objects.current().filter(below).values("user")
    named = meeting.people.values("pk")
    rows = User.objects.filter(Q(pk=meeting.chair_id) | Q(pk__in=named) | Q(pk__in=members), is_active=True)
    return list(rows.order_by("pk"))


def tell_about_changes(meeting: Meeting, *, by: User, told_before: list[User], changed: bool) -> None:
    """Tell newcomers that they are invited, the others what has changed, and who is left out."""
    now = concerned(meeting)
    before = {person.pk for person in told_before}
    staying = {person.pk for person in now}
    _tell("meetings.invited", [person for person in now if person.pk not in before], meeting, by)
    if changed:
        _tell("meetings.changed", [person for person in now if person.pk in before], meeting, by)
    _tell("meetings.removed", [person for person in told_before if person.pk not in staying], meeting, by)


def tell_about_cancellation(meeting: Meeting, *, by: User) -> None:
    """Tell those concerned that it does not take place."""
    _tell("meetings.cancelled", concerned(meeting), meeting, by, reason=meeting.cancel_reason)


def _tell(kind: str, people: list[User], meeting: Meeting, by: User, **more: Any) -> None:
    params = {
        "title": meeting.title,
        "starts_at": meeting.starts_at.isoformat(),
        "where": meeting.where,
        **more,
    }
    url = "/meetings/" if kind == "meetings.removed" else meeting.get_absolute_url()
    send(kind, to=[person for person in people if person != by], params=params, url=url, by=by)
