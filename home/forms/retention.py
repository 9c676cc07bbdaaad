"""Answers that have to go: when their time is over, one by one on request, or all that a deleted form has left.

A row that a dossier refers to stays without its answers (`purged_at`); nobody finds it any more.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone

from home.audit.api import Entry, record

from .files import drop_files
from .models import AnswerSet, Letter, Receipts, StoredFile, Submission
from .submissions import HOLDER

if TYPE_CHECKING:
    from home.people.models import User

BATCH = 500


def _erase(keys: Sequence[int]) -> int:
    """Delete answers with their files and letters, in the caller's transaction. Returns how many files."""
    held = StoredFile.objects.filter(holder_kind=HOLDER, holder_id__in=[str(pk) for pk in keys])
    files = drop_files(held)
    try:
        with transaction.atomic():
            Submission.objects.filter(pk__in=keys).delete()
    except ProtectedError as error:
        needed = {row.submission_id for row in error.protected_objects}  # type: ignore[attr-defined]
        Submission.objects.filter(pk__in=set(keys) - needed).delete()
        Letter.objects.filter(submission__in=needed).delete()
        emptied = {"answers": {}, "words": "", "key": "", "purged_at": timezone.now()}
        Submission.objects.filter(pk__in=needed).update(**emptied)
    return files


def _erase_all(submissions: QuerySet[Submission]) -> tuple[int, int]:
    """Delete answers in small transactions, so that a crash leaves whole ones. Returns how many answers and files."""
    answers = files = 0
    waiting = submissions.filter(purged_at=None).order_by("pk").values_list("pk", flat=True)
    while keys := list(waiting[:BATCH]):
        with transaction.atomic():
            files += _erase(keys)
        answers += len(keys)
    return answers, files


def delete_answer(submission: Submission, *, by: User) -> None:
    """Delete one answer for good, and record that it was done."""
    with transaction.atomic():
        files = _erase([submission.pk])
        data = {"source": submission.source, "files": files}
        record(Entry(verb="answer.deleted", by=by, target=submission.target, data=data))


def purge_set(answer_set: AnswerSet, *, by: User) -> tuple[int, int]:
    """Delete all answers of a deleted form, and then the set itself. Returns how many answers and files."""
    if answer_set.archived_at is None:
        raise ValueError("Only the answers of a deleted form are purged as a whole.")
    answers, files = _erase_all(Submission.objects.filter(source=answer_set.source))
    target, title = answer_set.target, answer_set.title
    with transaction.atomic():
        Receipts.objects.filter(source=answer_set.source).delete()
        answer_set.delete()
        data = {"answers": answers, "files": files}
        record(Entry(verb="answers.purged", by=by, target=target, label=title, data=data))
    return answers, files


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day so many months ago; the last day of a month that is too short for it."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, calendar.monthrange(years, month + 1)[1])
    return moment.replace(year=years, month=month + 1, day=day)


def retire(now: datetime | None = None) -> int:
    """Delete every answer whose time is over, with its files. Returns how many. For the scheduler; may run twice."""
    now = now or timezone.now()
    total = 0
    for answer_set in AnswerSet.objects.filter(retention_months__isnull=False).order_by("pk"):
        limit = months_before(now, answer_set.retention_months or 0)
        old = Submission.objects.filter(source=answer_set.source, at__lt=limit)
        answers, files = _erase_all(old)
        if answers:
            total += answers
            data = {"answers": answers, "files": files, "before": limit.isoformat(timespec="seconds")}
            with transaction.atomic():
                record(
                    Entry(
                        verb="answers.retired",
                        by=None,
                        target=answer_set.target,
                        label=answer_set.title,
                        data=data,
                    )
                )
    return total
