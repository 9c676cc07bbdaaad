"""Many answers side by side, though the questions have changed since."""

from __future__ import annotations

from dataclasses import dataclass, field
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

    @property
    def heading(self) -> str:
        """Return the newest words, with earlier ones and a note when the question is gone."""
        notes = [_("removed")] if self.removed else []
        if self.earlier:
            notes.append(_("earlier: %(labels)s") % {"labels": "; ".join(self.earlier)})
        return f"{self.label} ({', '.join(notes)})" if notes else self.label

    def text(self, submission: Submission) -> str:
        """Return the answer as people read it, under the question that it was given to."""
        question = self.fields.get(submission.schema_id)
        return kind_of(question).display(submission.answers.get(self.key), question) if question else ""

    def cell(self, submission: Submission) -> Any:
        """Return the answer for a spreadsheet."""
        question = self.fields.get(submission.schema_id)
        return kind_of(question).export(submission.answers.get(self.key), question) if question else None


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
            label = localized(question.label)
            column = columns.setdefault(question.key, Column(question.key, label, removed=number > 0))
            column.fields[pk] = question
            if label != column.label and label not in column.earlier:
                column.earlier.append(label)
    return list(columns.values())
