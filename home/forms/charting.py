"""What many answers say together, question by question; one pass over the rows, whatever their number."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from home.base.api import Bar, Series, bar_chart

from .kinds.amounts import grouped
from .kinds.base import kind_of
from .models import Submission
from .schema import Field
from .table import Column
from .text import localized

CHUNK = 1_000
#: So many different answers are told apart where they are not given in advance, such as departments.
MOST_VALUES = 2_000
#: A table of counts is cut off here.
MOST_LINES = 30
BINS = 8
#: Kinds whose answers are names of a limited number of things.
NAMED = frozenset({"department", "person", "position"})


@dataclass
class Summary:
    """What is known of one question: how many answered, and their answers counted or measured."""

    label: str
    answered: int = 0
    total: int = 0
    lines: list[tuple[str, int]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    chart: SafeString = field(default_factory=SafeString)

    @property
    def shares(self) -> list[tuple[str, int, float]]:
        """Return (answer, how often, percent of those who answered)."""
        return [(label, count, count * 100 / (self.answered or 1)) for label, count in self.lines]


class _Tally:
    """Counts what is said to one question."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.answered = 0
        self.counts: Counter[str] = Counter()
        self.numbers = array("d")
        newest = next(iter(column.fields.values()))
        self.kind = newest.kind
        if self.kind == "yes_no":
            self.counts.update({_("Yes"): 0, _("No"): 0})
        for choice in getattr(newest, "choices", ()):
            self.counts[localized(choice.label)] = 0

    def add(self, question: Field, raw: Any) -> None:
        """Take in one answer, under the question that it was given to."""
        if raw in (None, "", []):
            return
        self.answered += 1
        if question.kind in ("number", "money") and isinstance(raw, int | float):
            self.numbers.append(raw)
        elif question.kind == "date":
            self._count(str(raw)[:7])
        elif hasattr(question, "choices") or question.kind == "yes_no" or question.kind in NAMED:
            for one in raw if isinstance(raw, list) else [raw]:
                self._count(kind_of(question).display(one, question))

    def _count(self, words: str) -> None:
        if words and (words in self.counts or len(self.counts) < MOST_VALUES):
            self.counts[words] += 1

    def summary(self, total: int) -> Summary:
        """Return what was counted, with a chart where one says something."""
        found = Summary(self.column.label, self.answered, total)
        if self.numbers:
            found.facts = _facts(self.numbers)
            found.lines = _bins(self.numbers)
        elif self.kind == "date":
            found.lines = [(f"{month[5:7]}/{month[:4]}", n) for month, n in sorted(self.counts.items())][
                -MOST_LINES:
            ]
        elif hasattr(next(iter(self.column.fields.values())), "choices") or self.kind == "yes_no":
            found.lines = list(self.counts.items())[:MOST_LINES]
        else:
            found.lines = self.counts.most_common(MOST_LINES)
        bars = [Bar(count) for _label, count in found.lines]
        found.chart = bar_chart(
            [label for label, _count in found.lines],
            [Series(_("Answers"), "is-blue", bars)],
            legend=False,
        )
        return found


def _facts(numbers: array[float]) -> list[tuple[str, str]]:
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return [
        (_("Smallest"), _written(ordered[0])),
        (_("Median"), _written(median)),
        (_("Average"), _written(sum(ordered) / len(ordered))),
        (_("Largest"), _written(ordered[-1])),
        (_("Sum"), _written(sum(ordered))),
    ]


def _written(number: float) -> str:
    rounded = round(Decimal(number), 2)
    whole = rounded == rounded.to_integral_value()
    return grouped(int(rounded) if whole else rounded)


def _bins(numbers: array[float]) -> list[tuple[str, int]]:
    """Count numbers in steps of equal width; a few different values are counted one by one."""
    different = sorted(set(numbers))
    if len(different) <= BINS:
        counts = Counter(numbers)
        return [(_written(value), counts[value]) for value in different]
    low, high = different[0], different[-1]
    width = (high - low) / BINS
    counts = Counter(min(int((number - low) / width), BINS - 1) for number in numbers)
    edges = [low + width * step for step in range(BINS + 1)]
    return [(f"{_written(edges[step])} – {_written(edges[step + 1])}", counts[step]) for step in range(BINS)]


def summaries(columns: Iterable[Column], submissions: QuerySet[Submission]) -> tuple[int, list[Summary]]:
    """Return how many answers there are, and one summary for each question. One query, constant memory."""
    tallies = [_Tally(column) for column in columns]
    total = 0
    rows = submissions.order_by().values_list("schema_id", "answers")
    for schema_id, answers in rows.iterator(chunk_size=CHUNK):
        total += 1
        for tally in tallies:
            question = tally.column.fields.get(schema_id)
            if question is not None:
                tally.add(question, answers.get(tally.column.key))
    return total, [tally.summary(total) for tally in tallies]
