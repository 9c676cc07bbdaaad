"""Rooms and meetings for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from home.meetings.models import Meeting, Room
from tests.factories.people import UserFactory

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=ZONE)


class RoomFactory(DjangoModelFactory):
    """A room that can be booked."""

    class Meta:
        model = Room

    name = factory.Sequence(lambda n: f"Phòng họp {n}")
    capacity = 20


class MeetingFactory(DjangoModelFactory):
    """A scheduled meeting of two hours without a room; give `people=[…]` and `departments=[…]`."""

    class Meta:
        model = Meeting
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Họp giao ban {n}")
    starts_at = MORNING
    ends_at = factory.LazyAttribute(lambda meeting: meeting.starts_at + timedelta(hours=2))
    chair = factory.SubFactory(UserFactory)
    organiser = factory.SelfAttribute("chair")

    @factory.post_generation
    def people(self: Any, create: bool, extracted: Any) -> None:
        """Invite people."""
        if extracted:
            self.people.set(extracted)

    @factory.post_generation
    def departments(self: Any, create: bool, extracted: Any) -> None:
        """Invite departments."""
        if extracted:
            self.departments.set(extracted)
