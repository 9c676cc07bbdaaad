"""Answers that may be given once: no other submission of the same form has them. The database decides."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .checks import digest_of
from .draft_models import TakenAnswer
from .models import Submission


class TakenError(ValueError):
    """Somebody else gave the same answer first; `question` is its key."""

    def __init__(self, question: str) -> None:
        self.question = question
        super().__init__(taken_words())


def taken_words() -> str:
    """Say that an answer is taken."""
    return _("Somebody has given this answer already; each may be given once.")


def is_taken(source: str, question: str, raw: Any) -> bool:
    """Tell whether an answer was given before."""
    return TakenAnswer.objects.filter(source=source, question=question, digest=digest_of(raw)).exists()


def take_answers(submission: Submission) -> None:
    """Take the answers of a submission that may be given once, and free those that it had before.

    Call it in the transaction that stores the submission. Raises `TakenError`.
    """
    wanted = [
        (field.key, digest_of(submission.answers[field.key]))
        for field in submission.schema.parsed.fields()
        if field.unique and field.key in submission.answers
    ]
    if not wanted:
        return
    TakenAnswer.objects.filter(submission=submission).delete()
    for question, digest in wanted:
        row = TakenAnswer(source=submission.source, question=question, digest=digest, submission=submission)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise TakenError(question) from None
