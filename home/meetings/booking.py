"""Writing a meeting: no room is booked twice, and those concerned are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from home.people.api import User

from .models import Meeting, Room
from .telling import concerned, tell_about_cancellation, tell_about_changes

if TYPE_CHECKING:
    from home.people.models import Department

#: Changes of these are marked and told; the others are nobody's business.
TOLD_FIELDS = ["title", "agenda", "room_id", "place", "starts_at", "ends_at", "chair_id", "preparation"]


class RoomTakenError(Exception):
    """The room is held by `other` at that time."""

    def __init__(self, other: Meeting) -> None:
        super().__init__(f"{other.room} is held by meeting {other.pk}")
        self.other = other


class ChangedMeanwhileError(Exception):
    """Somebody else has changed the meeting since it was read."""


@dataclass(frozen=True)
class Clash:
    """A person who is to be in two meetings at once."""

    person: User
    other: Meeting


def save_meeting(
    meeting: Meeting,
    *,
    by: User,
    people: Iterable[User],
    departments: Iterable[Department],
    expected_sequence: int | None = None,
) -> Meeting:
    """Store a new or changed meeting with its invitations, hold its room, and tell those concerned.

    Raises `RoomTakenError` when the room is held at that time, also by a booking of the same moment, and
    `ChangedMeanwhileError` when the stored sequence is not `expected_sequence`. Then nothing is stored.
    """
    with transaction.atomic():
        before = _lock(meeting, expected_sequence)
        told_before = concerned(before) if before and before.status == Meeting.Status.SCHEDULED else []
        _hold_room(meeting)
        announced = before is not None and before.status == Meeting.Status.SCHEDULED
        changed = announced and any(getattr(before, name) != getattr(meeting, name) for name in TOLD_FIELDS)
        meeting.sequence = (before.sequence if before else 0) + changed
        meeting.save()
        meeting.people.set(people)
        meeting.departments.set(departments)
        if meeting.status == Meeting.Status.SCHEDULED:
            tell_about_changes(meeting, by=by, told_before=told_before, changed=changed)
    return meeting


def cancel_meeting(meeting: Meeting, *, by: User, reason: str) -> bool:
    """Cancel a meeting, free its room, and tell those concerned; return False when it was so already."""
    with transaction.atomic():
        held = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if held.status == Meeting.Status.CANCELLED:
            return False
        was_announced = held.status == Meeting.Status.SCHEDULED
        held.status = Meeting.Status.CANCELLED
        held.cancel_reason = reason
        held.sequence += 1
        held.save(update_fields=["status", "cancel_reason", "sequence", "updated_at"])
        if was_announced:
            tell_about_cancellation(held, by=by)
    return True


def room_clash(meeting: Meeting) -> Meeting | None:
    """Return the scheduled meeting that holds the room at that time, or None."""
    if not meeting.room_id or meeting.status != Meeting.Status.SCHEDULED:
        return None
    others = Meeting.objects.scheduled().between(meeting.starts_at, meeting.ends_at)
    return others.filter(room=meeting.room_id).exclude(pk=meeting.pk).select_related("room").first()


def people_clashes(meeting: Meeting, people: Iterable[User]) -> list[Clash]:
    """Return who of the chair and the people named is in another meeting at that time. Two queries."""
    wanted = {person.pk: person for person in [meeting.chair, *people]}
    others = Meeting.objects.scheduled().between(meeting.starts_at, meeting.ends_at).exclude(pk=meeting.pk)
    found = others.filter(Q(chair__in=wanted) | Q(people__in=wanted)).distinct().prefetch_related("people")
    return [
        Clash(wanted[pk], other)
        for other in found
        for pk in sorted({other.chair_id, *(person.pk for person in other.people.all())} & wanted.keys())
    ]


def _lock(meeting: Meeting, expected_sequence: int | None) -> Meeting | None:
    if meeting.pk is None:
        return None
    before = Meeting.objects.select_for_update().get(pk=meeting.pk)
    gone = before.status == Meeting.Status.CANCELLED
    if gone or (expected_sequence is not None and before.sequence != expected_sequence):
        raise ChangedMeanwhileError
    return before


def _hold_room(meeting: Meeting) -> None:
    """Let one booking of a room through at a time (the row is the lock; SQLite has one writer anyway)."""
    if not meeting.room_id or meeting.status != Meeting.Status.SCHEDULED:
        return
    Room.objects.select_for_update().get(pk=meeting.room_id)
    other = room_clash(meeting)
    if other is not None:
        raise RoomTakenError(other)
