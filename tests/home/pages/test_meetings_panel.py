"""The home page shows the meetings of today to those whom they concern, and the menu leads to the directory."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.meetings import MeetingFactory
from tests.factories.pages import make_home
from tests.factories.people import UserFactory


@pytest.fixture
def meeting(db):
    make_home()
    start = timezone.localtime().replace(hour=14, minute=0, second=0, microsecond=0)
    return MeetingFactory(title="Giao ban chiều", starts_at=start, ends_at=start + timedelta(hours=1))


def test_my_meetings_of_today_are_on_the_home_page(meeting, client):
    client.force_login(meeting.organiser)
    page = client.get("/").content.decode()
    assert "Giao ban chiều" in page
    assert "14:00" in page
    assert 'href="/people/"' in page


def test_meetings_of_others_are_not(meeting, client):
    client.force_login(UserFactory())
    assert "Giao ban chiều" not in client.get("/").content.decode()
