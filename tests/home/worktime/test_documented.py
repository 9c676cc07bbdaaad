"""The reference of working time says what the functions do."""

import re
from pathlib import Path

import pytest

from home.worktime import api
from home.worktime.explanation import explain_due
from home.worktime.notice import after_due, before_due

from .office import OFFICE, at

DOCS = Path(__file__).resolve().parents[3] / "docs"
REFERENCE = (DOCS / "reference/working-time.md").read_text()
DAYS = {"Wednesday": 4, "Thursday": 5, "Friday": 6, "Monday": 9, "Tuesday": 10}


def moment(words):
    day, clock = words.split()
    return at(2026, 11, DAYS[day], *map(int, clock.split(":")))


def examples():
    table = REFERENCE.split("Due on Friday at 17:00:")[1].split("##")[0]
    for term, before, after in re.findall(r"^\| (\d.*?) \| (.*?) \| (.*?) \|$", table, re.M):
        amounts = {
            unit.rstrip("s") + "s": float(n) for n, unit in re.findall(r"([\d.]+) (days?|hours?)", term)
        }
        yield pytest.param(amounts, before, after, id=term)


@pytest.mark.parametrize(("amounts", "before", "after"), list(examples()))
def test_the_table_of_notices_is_right(amounts, before, after):
    due = at(2026, 11, 6, 17)
    assert before_due(OFFICE, due, **amounts) == moment(before)
    assert after_due(OFFICE, due, **amounts) == moment(after)


def test_there_are_examples():
    assert len(list(examples())) == 5


def test_every_reason_is_described():
    described = set(re.findall(r"`([a-z_]+)`", REFERENCE.split("| `reason` | the day |")[1]))
    source = (DOCS.parent / "home/worktime/explanation.py").read_text()
    told = set(re.findall(r"^    - (`.*):", source, re.M))
    assert described == set(re.findall(r"`([a-z_]+)`", " ".join(told)))
    fields = re.findall(
        r"^\| `([a-z]+)` \|", REFERENCE.split("One line a day")[1].split("| `reason` | the")[0], re.M
    )
    assert tuple(fields) == api.CountedDay._fields


def test_the_example_of_the_pause_is_right():
    pause = (at(2026, 11, 4, 13), at(2026, 11, 6, 0))
    lines = explain_due(OFFICE, at(2026, 11, 2), 3, pauses=[pause])
    assert [line.number for line in lines if line.reason != "weekend"] == [None, 1, 1.5, None, 2.5, 3]


@pytest.mark.parametrize(
    "name", ["add_working_days", "add_working_hours", "shift_due", "before_due", "after_due", "explain_due",
             "explain_hours", "due_after", "working_time_between"],
)  # fmt: skip
def test_the_functions_are_named(name):
    assert name in api.__all__
    assert f"`{name}(" in REFERENCE
