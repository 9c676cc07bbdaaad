"""Many answers side by side, though the questions have changed since."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from .kinds.base import kind_of
from .models import Schema, Submission
from .schema import Field
from .text import localized


@dataclass
class Column:
    """One question over all its versions; `fields` are the questions by the schema they belong to."""

    key: str
    label: str
    earlier: list[str] = field(default_factory=list)
    removed: bool = False
    fields: dict[int, Field] = field(default_factory=dict)
    #: Which of the columns of a spreadsheet it is that one answer fills, and what that is called.
    part: str = ""
    part_label: str = ""
    first: bool = True

    @property
    def heading(self) -> str:
        """Return the newest words, with earlier ones and a note when the question is gone."""
        part = f" – {self.part_label}" if self.part else ""
        notes = [_("removed")] if self.removed else []
        if self.earlier:
            notes.append(_("earlier: %(labels)s") % {"labels": "; ".join(self.earlier)})
        return f"{self.label} ({', '.join(notes)}){part}" if notes else f"{self.label}{part}"

    def text(self, submission: Submission) -> str:
        """Return the answer as lists show it, under the question that it was given to."""
        question = self.fields.get(submission.schema_id)
        return kind_of(question).brief(submission.answers.get(self.key), question) if question else ""

    def cell(self, submission: Submission) -> Any:
        """Return the answer for a spreadsheet."""
        question = self.fields.get(submission.schema_id)
        if question is None:
            return None
        kind, raw = kind_of(question), submission.answers.get(self.key)
        if not self.part:
            return kind.export(raw, question)
        # A question that was of a kind with one column fills the first of those that its newer form has.
        parts = kind.parts(question)
        if parts:
            return kind.export_part(raw, question, self.part) if self.part in parts else None
        return kind.export(raw, question) if self.first else None

    def spread(self) -> list[Column]:
        """Return the columns of a spreadsheet for this question: itself, or one for each part of an answer."""
        parts: dict[str, str] = {}
        for question in self.fields.values():
            for part, label in kind_of(question).parts(question).items():
                parts.setdefault(part, label)
        return [
            replace(self, part=part, part_label=label, first=number == 0)
            for number, (part, label) in enumerate(parts.items())
        ] or [self]


def columns_of(submissions: QuerySet[Submission]) -> list[Column]:
    """Return the union of the questions of all schemas: the newest form first, then what was removed.

    Two queries, whatever the number of answers.
    """
    # Numbers of anonymous answers are drawn by lot: the day comes first.
    grouped = submissions.order_by().values_list("schema").annotate(last=Max("at"), key=Max("pk"))
    newest = [pk for pk, _at, _key in grouped.order_by("-last", "-key")]
    rows = Schema.objects.in_bulk(newest)
    columns: dict[str, Column] = {}
    for number, pk in enumerate(newest):
        for question in rows[pk].parsed.fields():
            if not kind_of(question).asks:
                continue
            label = localized(question.label)
            column = columns.setdefault(question.key, Column(question.key, label, removed=number > 0))
            column.fields[pk] = question
            if label != column.label and label not in column.earlier:
                column.earlier.append(label)
    return list(columns.values())
