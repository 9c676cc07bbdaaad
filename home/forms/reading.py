"""Every read of other people's answers is on record: who, which, when; never what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from home.audit.api import Entry, record

from .models import AnswerSet, Submission

if TYPE_CHECKING:
    from home.people.models import User


def note_reading(act: str, answer_set: AnswerSet, *, by: User, **data: Any) -> None:
    """Record that a reader has `listed`, `charted`, `exported`, … the answers of a form."""
    with transaction.atomic():
        entry = Entry(
            verb=f"answers.{act}", by=by, target=answer_set.target, label=answer_set.title, data=data
        )
        record(entry)


def note_record(act: str, submission: Submission, *, by: User, **data: Any) -> None:
    """Record that somebody has `read` one answer, or a file of it; reading one's own is no matter of record."""
    if submission.by_id == by.pk:
        return
    with transaction.atomic():
        data = {"source": submission.source, **data}
        record(Entry(verb=f"answer.{act}", by=by, target=submission.target, data=data))
