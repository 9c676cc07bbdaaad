"""Calendars and moments for the tests of this room: hand-made ones, and strategies that make any."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from home.worktime.office_calendar import Calendar, DayOff, ExtraDay, Interval

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HALVES = (Interval(time(7, 30), time(11, 30), "morning"), Interval(time(13), time(17), "afternoon"))
WEEK = dict.fromkeys(range(5), HALVES)
PLAIN = Calendar(ZONE, WEEK)
OFFICE = Calendar(
    ZONE,
    WEEK,
    {
        **{date(2026, 2, day): DayOff("Tết") for day in range(16, 21)},
        date(2026, 4, 27): DayOff("Giỗ Tổ"),
        date(2026, 8, 31): DayOff("Hoán đổi"),
        date(2026, 9, 1): DayOff("Quốc khánh"),
        date(2026, 9, 2): DayOff("Quốc khánh"),
        date(2026, 11, 24): DayOff("Ngày Văn hóa"),
        date(2026, 12, 24): DayOff("Nghỉ chiều", "afternoon"),
        date(2026, 12, 25): DayOff("Nghỉ sáng", "morning"),
    },
    {date(2026, 8, 22): ExtraDay("Làm bù", 0)},
)


def at(year, month, day, hour=9, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


# --- any calendar ------------------------------------------------------------------------------------------

FIRST = date(2026, 1, 1)


def _clock(minutes):
    return time(minutes // 60, minutes % 60)


@st.composite
def intervals(draw):
    """One or two half-days, at any minutes."""
    ends = sorted(draw(st.lists(st.integers(0, 24 * 60 - 1), min_size=4, max_size=4, unique=True)))
    both = (
        Interval(_clock(ends[0]), _clock(ends[1]), "morning"),
        Interval(_clock(ends[2]), _clock(ends[3]), "afternoon"),
    )
    return draw(st.sampled_from([both, both, both[:1], both[1:]]))


days_of_the_year = st.integers(0, 364).map(lambda number: FIRST + timedelta(days=number))
parts = st.sampled_from(["day", "day", "morning", "afternoon"])


@st.composite
def calendars(draw, zones=(ZONE,)):
    """Any week with some work in it, any holidays, half-holidays and make-up days."""
    usual = st.just(HALVES) | intervals()
    week = draw(st.dictionaries(st.integers(0, 6), usual, min_size=1))
    off = draw(st.dictionaries(days_of_the_year, parts.map(lambda part: DayOff("Nghỉ", part)), max_size=30))
    weekdays = st.integers(0, 6).map(lambda weekday: ExtraDay("Làm bù", weekday))
    extra = draw(st.dictionaries(days_of_the_year, weekdays, max_size=8))
    return Calendar(draw(st.sampled_from(zones)), week, off, extra)


ZONES = [
    ZONE,
    *(ZoneInfo(name) for name in ("UTC", "America/New_York", "Pacific/Auckland", "Australia/Lord_Howe")),
]
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=ZONE)
)
#: The same moments as another server would hand them in.
anywhere = st.builds(lambda moment, zone: moment.astimezone(zone), moments, st.sampled_from(ZONES))
amounts = st.integers(0, 60 * 120).map(lambda minutes: timedelta(minutes=minutes))
terms = st.integers(0, 60).map(lambda halves: halves / 2)
stretches = st.builds(
    lambda start, minutes: (start, start + timedelta(minutes=minutes)),
    anywhere.map(lambda moment: moment.astimezone(ZoneInfo("UTC"))),
    st.integers(0, 60 * 24 * 20),
)
pauses = st.lists(stretches, max_size=4)
