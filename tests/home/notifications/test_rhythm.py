"""Quiet hours and the hour of the digest, by the clock of the office."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from home.notifications.models import ReaderRhythm
from home.notifications.rhythm import next_digest, quiet_until

pytestmark = pytest.mark.once

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def at(day, clock="12:00"):
    """A moment of November and December 2026; the 27th of November is a Friday."""
    month, number = (11, day) if day <= 30 else (12, day - 30)
    return datetime(2026, month, number, *map(int, clock.split(":")), tzinfo=HANOI)


@pytest.mark.parametrize(
    ("wish", "moment", "end"),
    [
        ({}, at(27, "03:00"), None),
        ({"quiet_from": time(22), "quiet_until": time(6)}, at(26, "21:59"), None),
        ({"quiet_from": time(22), "quiet_until": time(6)}, at(26, "22:00"), at(27, "06:00")),
        ({"quiet_from": time(22), "quiet_until": time(6)}, at(26, "05:59"), at(26, "06:00")),
        ({"quiet_from": time(22), "quiet_until": time(6)}, at(26, "06:00"), None),
        ({"quiet_from": time(12), "quiet_until": time(13)}, at(26, "12:30"), at(26, "13:00")),
        ({"quiet_from": time(8), "quiet_until": time(8)}, at(26, "08:00"), None),
        ({"quiet_weekends": True}, at(28, "09:00"), at(30, "00:00")),
        ({"quiet_weekends": True}, at(27, "23:59"), None),
        # The night before the weekend, the weekend, and the night after it are one.
        (
            {"quiet_from": time(22), "quiet_until": time(6), "quiet_weekends": True},
            at(27, "23:00"),
            at(30, "06:00"),
        ),
    ],
)
def test_quiet_ends_when_all_of_it_has_ended(wish, moment, end):
    assert quiet_until(ReaderRhythm(**wish), moment) == end


@pytest.mark.parametrize(
    ("rhythm", "after", "due"),
    [
        ("daily", at(26, "07:29"), at(26, "07:30")),
        ("daily", at(26, "07:30"), at(27, "07:30")),
        ("daily", at(27, "08:00"), at(30, "07:30")),
        ("weekly", at(26, "08:00"), at(30, "07:30")),
        ("weekly", at(30, "08:00"), at(37, "07:30")),
    ],
)
def test_the_digest_comes_on_working_days_or_on_mondays(rhythm, after, due):
    assert next_digest(ReaderRhythm(digest=rhythm, digest_at=time(7, 30)), after) == due
