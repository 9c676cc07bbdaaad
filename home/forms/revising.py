"""A giver changes their own answer, for as long as the form allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from home.audit.api import Entry, record

from .files import drop_files, hold_files
from .limits import RefusedSubmissionError
from .models import Schema, StoredFile, Submission
from .submissions import HOLDER, file_ids, words_of
from .unique import take_answers

if TYPE_CHECKING:
    from home.people.models import User


class ChangedMeanwhileError(RefusedSubmissionError):
    """The answer was changed after the form had been opened, from another window or device."""

    def __init__(self) -> None:
        super().__init__(
            _("Your answer was changed in another window meanwhile. Please compare, and send it again.")
        )


@transaction.atomic
def revise(
    submission: Submission, schema_row: Schema, *, by: User, answers: Mapping[str, Any], seen: int
) -> Submission:
    """Replace the answers that `by` gave; `seen` is how often they had been changed when the form was opened.

    The same answers once more (a double click) change nothing. Files that are left out are deleted. The audit trail
    names the questions that have another answer, never what was said. Raises `ChangedMeanwhileError`, `TakenError`, and
    `Submission.DoesNotExist` when it is not theirs.
    """
    row = Submission.objects.select_for_update(of=("self",)).select_related("schema")
    found: Submission = row.get(pk=submission.pk, by=by, purged_at=None)
    if found.answers == answers and found.schema_id == schema_row.pk:
        return found
    if found.edits != seen:
        raise ChangedMeanwhileError
    before = set(file_ids(found.schema, found.answers))
    changed = sorted(_changed(found.answers, answers))
    found.schema, found.answers = schema_row, dict(answers)
    found.words = words_of(schema_row, answers, by=by)
    found.edits, found.edited_at = found.edits + 1, timezone.now()
    found.save(update_fields=["schema", "answers", "words", "edits", "edited_at"])
    take_answers(found)
    now = set(file_ids(schema_row, answers))
    hold_files(now - before, holder_kind=HOLDER, holder_id=found.pk, by=by)
    mine = StoredFile.objects.filter(holder_kind=HOLDER, holder_id=str(found.pk))
    drop_files(mine.filter(pk__in=before - now))
    data = {"questions": changed, "source": found.source}
    record(Entry(verb="answer.changed", by=by, target=found.target, data=data))
    return found


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[str]:
    return (key for key in {*old, *new} if old.get(key) != new.get(key))
