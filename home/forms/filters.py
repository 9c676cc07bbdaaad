"""Filters of the list of answers: words, days, and one for each question that can be narrowed down."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Case, F, FloatField, Q, QuerySet, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from home.people.api import fold

from .models import Submission
from .table import Column
from .text import localized

MAX_QUERY = 100
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")
#: What a stored number looks like as text; a question that was once of another kind holds other things.
_STORED = r"^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$"
#: Kinds that are narrowed down by a lowest and a highest value, and the input of the browser for them.
RANGES = {"number": "number", "money": "number", "date": "date"}


@dataclass(frozen=True)
class QuestionFilter:
    """One question that can be narrowed down, with what the reader has asked for."""

    key: str
    label: str
    options: list[tuple[str, str]] = field(default_factory=list)
    input: str = ""
    value: str = ""
    low: str = ""
    high: str = ""

    @property
    def name(self) -> str:
        """Return the name of the parameter in the address."""
        return f"f_{self.key}"

    @property
    def is_set(self) -> bool:
        """Tell whether it narrows anything down."""
        return bool(self.value or self.low or self.high)

    def narrow(self, submissions: QuerySet[Submission]) -> QuerySet[Submission]:
        """Keep the answers that fit."""
        if not self.is_set:
            return submissions
        text = f"text_{self.key}"
        # Cast: lookups of JSON would read what is compared as JSON.
        said = Cast(KeyTextTransform(self.key, "answers"), TextField())
        submissions = submissions.annotate(**{text: said})
        if self.value:
            among = Q(**{f"{text}__contains": json.dumps(self.value)})
            among |= Q(**{f"{text}__contains": json.dumps(self.value, ensure_ascii=False)})
            return submissions.filter(Q(**{text: self.value}) | among)
        return self._within(submissions, text)

    def _within(self, submissions: QuerySet[Submission], text: str) -> QuerySet[Submission]:
        if self.input == "date":
            if self.low:
                submissions = submissions.filter(**{f"{text}__gte": self.low})
            if self.high:
                after = date.fromisoformat(self.high) + timedelta(days=1)
                submissions = submissions.filter(**{f"{text}__lt": after.isoformat()})
            return submissions
        number = f"number_{self.key}"
        value = Case(
            When(**{f"{text}__regex": _STORED}, then=Cast(F(text), FloatField())),
            default=Value(None),
            output_field=FloatField(),
        )
        submissions = submissions.annotate(**{number: value})
        if self.low:
            submissions = submissions.filter(**{f"{number}__gte": float(self.low)})
        if self.high:
            submissions = submissions.filter(**{f"{number}__lte": float(self.high)})
        return submissions


@dataclass(frozen=True)
class Asked:
    """What the reader has asked for."""

    query: str
    since: date | None
    until: date | None
    questions: list[QuestionFilter]

    @property
    def is_set(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.query or self.since or self.until) or any(q.is_set for q in self.questions)

    @property
    def by_question(self) -> bool:
        """Tell whether a question narrows the list down, so that these filters stand open."""
        return any(question.is_set for question in self.questions)

    def narrow(self, submissions: QuerySet[Submission]) -> QuerySet[Submission]:
        """Keep the answers that fit everything."""
        for word in fold(self.query).split():
            submissions = submissions.filter(words__contains=word)
        if self.since:
            submissions = submissions.filter(at__gte=_midnight(self.since))
        if self.until:
            submissions = submissions.filter(at__lt=_midnight(self.until + timedelta(days=1)))
        for question in self.questions:
            submissions = question.narrow(submissions)
        return submissions

    def names(self) -> list[str]:
        """Return what is narrowed down, for the record: names of filters, never what was looked for."""
        named = [("q", self.query), ("since", self.since), ("until", self.until)]
        return [name for name, value in named if value] + [q.key for q in self.questions if q.is_set]


def asked_for(given: Mapping[str, str], columns: Iterable[Column]) -> Asked:
    """Read the address; what makes no sense is as if it were not there."""
    return Asked(
        query=given.get("q", "").replace("\0", "")[:MAX_QUERY].strip(),
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        questions=[found for column in columns if (found := _filter(column, given)) is not None],
    )


def _filter(column: Column, given: Mapping[str, str]) -> QuestionFilter | None:
    newest = next(iter(column.fields.values()))
    name = f"f_{column.key}"
    options = _options(column)
    if options:
        value = given.get(name, "")
        known = value if value in dict(options) else ""
        return QuestionFilter(column.key, column.label, options=options, value=known)
    kind = RANGES.get(newest.kind)
    if kind is None:
        return None
    low, high = (_bound(given.get(f"{name}_{end}", ""), kind) for end in ("from", "to"))
    return QuestionFilter(column.key, column.label, input=kind, low=low, high=high)


def _options(column: Column) -> list[tuple[str, str]]:
    """Return the possible answers of all versions of a question, those of the newest first."""
    found: dict[str, str] = {}
    for question in column.fields.values():
        if question.kind == "yes_no":
            found |= {"true": _("Yes"), "false": _("No")}
        for choice in getattr(question, "choices", ()):
            found.setdefault(choice.value, localized(choice.label))
    return list(found.items())


def _bound(text: str, kind: str) -> str:
    text = text.strip().replace(",", ".")
    if kind == "date":
        day = _day(text)
        return day.isoformat() if day else ""
    return text if _NUMBER.fullmatch(text) and text.isascii() else ""


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year < 2900 else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
