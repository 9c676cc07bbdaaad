"""Freezing schemas and taking submissions in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from home.people.api import fold
from plugins.api.api import EXAMPLE_KEY, Prepared, PreparedInsert, PreparedUpdate

from .anonymous import nameless, note_answered, unname_files
from .display import parsed
from .files import hold_files
from .handlers import submission_handlers
from .kinds.base import kind_of
from .limits import Limits, check_place, stand_in_line
from .models import Schema, Submission
from .schema import FormSchema
from .unique import take_answers

if TYPE_CHECKING:
    from home.people.models import User

#: The holder kind of files that belong to a submission.
HOLDER = "submission"
#: So many characters of an answer can be found by a search.
MAX_WORDS = 8_000
NO_LIMITS = Limits()


def freeze(schema: FormSchema) -> Schema:
    """Return the frozen row of a schema; the same content gives the same row."""
    row, _created = Schema.objects.get_or_create(
        digest=schema.digest(), defaults={"body": schema.canonical()}
    )
    return row


def file_ids(schema: Schema | FormSchema, answers: Mapping[str, Any]) -> list[str]:
    """Return the ids of all files in the answers."""
    return [
        name for field in parsed(schema).fields() for name in kind_of(field).file_ids(answers.get(field.key))
    ]


def submit(
    schema_row: Schema,
    *,
    by: User | None,
    answers: Mapping[str, Any],
    handler: str,
    source: str,
    key: str = "",
    context: dict[str, Any] | None = None,
    limits: Limits = NO_LIMITS,
    after: Callable[[Submission], None] | None = None,
) -> Submission:
    """Store cleaned answers once and let the handler act, all in one transaction.

    The same `by`, `source` and `key` give the first submission again, also when both come at once; the handler runs
    once. Files of the answers that are drafts of `by` become files of the submission (the handler may hand them on
    with `hold_files`), and at last `after` is called, once as well. With `limits` there must be an `AnswerSet` of the
    source: its row is locked. Raises `UnknownCodeError` for an unknown handler, `RefusedSubmissionError` for an
    answer without a place, `TakenError` for one that may be given once and was, and whatever the handler raises.
    """
    entry = submission_handlers.get(handler)()
    with transaction.atomic():
        if limits.any:
            stand_in_line(source)
            known = find_submission(by=by, source=source, key=key, anonymous=limits.anonymous)
            if known is not None:
                return known
            check_place(limits, by=by, source=source)
        giver = None if limits.anonymous else by
        words = words_of(schema_row, answers, by=giver)
        values: dict[str, Any] = {"answers": answers, "handler": handler, "words": words}
        if limits.anonymous:
            submission, created = nameless(schema=schema_row, source=source, key=key, **values), True
            if limits.once and by is not None:
                note_answered(by, source)
        else:
            submission, created = _claim(schema_row, by=by, source=source, key=key, **values)
        if created:
            take_answers(submission)
            _take_files(submission, by=by, anonymous=limits.anonymous)
            submission.result_url = entry.handle(submission, context or {})
            _result.save(submission)
            if after is not None:
                after(submission)
    return submission


def _take_files(submission: Submission, *, by: User | None, anonymous: bool = False) -> None:
    ids = file_ids(submission.schema, submission.answers)
    if ids and by is not None:
        hold_files(ids, holder_kind=HOLDER, holder_id=submission.pk, by=by)
        if anonymous:
            unname_files(ids)


def words_of(schema: Schema | FormSchema, answers: Mapping[str, Any], *, by: User | None) -> str:
    """Return the folded words of giver and answers, for searching: as people read them, without the questions."""
    found = (
        kind_of(field).display(answers[field.key], field)
        for field in parsed(schema).fields()
        if field.key in answers
    )
    giver = [str(by), by.get_username()] if by else []
    return fold(" ".join([*giver, *found]))[:MAX_WORDS]


def find_submission(*, by: User | None, source: str, key: str, anonymous: bool = False) -> Submission | None:
    """Return what was already submitted under this key, if anything."""
    if not key:
        return None
    if anonymous:
        return Submission.objects.filter(by=None, source=source, key=key).first()
    if by is None:
        return None
    return _known.first(by.pk, source, key)


_known: Prepared[Submission] = Prepared(
    lambda by, source, key: Submission.objects.filter(by=by, source=source, key=key).order_by("pk"),
    EXAMPLE_KEY,
    "example source",
    "example key",
    write=True,
    keyed=True,
)
_new_once = PreparedInsert(Submission, ignore_conflicts=True)
_result = PreparedUpdate(Submission, "result_url")


def _claim(
    schema_row: Schema, *, by: User | None, source: str, key: str, **values: Any
) -> tuple[Submission, bool]:
    """Insert the row, or return the one that was there first: the database decides."""
    row = Submission(schema=schema_row, by=by, source=source, key=key, **values)
    if _new_once.is_new(row):
        return row, True
    known = find_submission(by=by, source=source, key=key)
    if known is None:
        raise IntegrityError("A submission was refused although there is none with its key.")
    return known, False
