"""Freezing schemas and taking submissions in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import IntegrityError, transaction

from plugins.api.api import Prepared, PreparedInsert, PreparedUpdate, Registry

from .display import parsed
from .files import hold_files
from .kinds.base import kind_of
from .models import Schema, Submission
from .schema import FormSchema
from .unique import take_answers

if TYPE_CHECKING:
    from home.people.models import User

#: The holder kind of files that belong to a submission.
HOLDER = "submission"


class SubmissionHandler:
    """What happens with a submission (`submission_handlers.py`): store it, open a dossier, …"""

    code: ClassVar[str] = ""
    label: ClassVar[Any] = ""

    def handle(self, submission: Submission, context: dict[str, Any]) -> str:
        """Act, inside the transaction of `submit`, and return the address of the result (may be empty)."""
        raise NotImplementedError


submission_handlers: Registry[type[SubmissionHandler]] = Registry(
    SubmissionHandler, module="submission_handlers", noun="submission handler"
)


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
) -> Submission:
    """Store cleaned answers once and let the handler act, all in one transaction.

    The same `by`, `source` and `key` give the first submission again, also when both come at once; the
    handler runs
    once. Files of the answers that are drafts of `by` become files of the submission (the handler may hand
    them on
    with `hold_files`). Raises `UnknownCodeError` for an unknown handler, `TakenError` for an answer
    that may be given once and was, and whatever the handler raises.
    """
    entry = submission_handlers.get(handler)()
    with transaction.atomic():
        submission, created = _claim(
            schema_row, by=by, answers=answers, handler=handler, source=source, key=key
        )
        if created:
            take_answers(submission)
            ids = file_ids(schema_row, answers)
            if ids and by is not None:
                hold_files(ids, holder_kind=HOLDER, holder_id=submission.pk, by=by)
            submission.result_url = entry.handle(submission, context or {})
            _result.save(submission)
    return submission


def find_submission(*, by: User | None, source: str, key: str) -> Submission | None:
    """Return what was already submitted under this key, if anything."""
    if not key or by is None:
        return None
    return _known.first(by.pk, source, key)


_known: Prepared[Submission] = Prepared(
    lambda by, source, key: Submission.objects.filter(by=by, source=source, key=key).order_by("pk"),
    9_007_199_254_740_991,
    "example source",
    "example key",
    write=True,
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
