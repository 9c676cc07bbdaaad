"""Answers that nobody can lead back to a person, and still one for each person where a form wants that.

Two things are kept apart. The *answer* (`Submission`) has no giver, only the day instead of the moment, and a number
drawn by lot. *That* somebody has answered is a mark in `Receipts`: one row for the whole form, holding a sorted list,
so that neither the order nor the age of rows joins a mark to an answer. A mark is an HMAC of form and person under a
key that is not in the database: who has the database alone cannot even tell who has answered. Whoever runs the office
(and so holds the key) can tell *who* has answered, as any check for a second answer must, but not *what*.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import Receipts, StoredFile, Submission

if TYPE_CHECKING:
    from home.people.models import User

_SALT = "home.forms.receipt"
#: Numbers drawn by lot are below zero: SQLite counts on from the largest number there is, which would make numbers of
#: other answers tell what had been drawn before them. JavaScript can hold them.
_RANGE = 2**52


def mark_of(user: User, source: str, *, key: str | bytes) -> str:
    """Return the mark of a person for a form; the same one each time, and of no use for another form."""
    return salted_hmac(_SALT, f"{source}\n{user.pk}", secret=key, algorithm="sha256").hexdigest()[:32]


def _marks(user: User, source: str) -> list[str]:
    """Return the marks under all keys that are in use; the first is the one to write."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [mark_of(user, source, key=key) for key in keys]


def has_answered(user: User, source: str) -> bool:
    """Tell whether a person has answered an anonymous form that takes one answer a person."""
    known = Receipts.objects.filter(source=source).values_list("marks", flat=True).first() or []
    return not set(known).isdisjoint(_marks(user, source))


def note_answered(user: User, source: str) -> None:
    """Remember that a person has answered. The caller holds the lock of the form's answers."""
    receipts, _created = Receipts.objects.get_or_create(source=source)
    receipts.marks = sorted({*receipts.marks, _marks(user, source)[0]})
    receipts.save(update_fields=["marks"])


def today() -> datetime:
    """Return the beginning of this day: the only time that an anonymous answer knows."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def nameless(**values: Any) -> Submission:
    """Store an answer without giver and moment, under a number drawn by lot."""
    pk = -1 - secrets.randbelow(_RANGE)
    submission = Submission(pk=pk, by=None, at=today(), **values)
    submission.save(force_insert=True)
    return submission


def unname_files(ids: Iterable[Any]) -> None:
    """Forget who uploaded files and when."""
    StoredFile.objects.filter(pk__in=list(ids)).update(uploaded_by=None, uploaded_at=today())


def forget_keys() -> int:
    """Drop the keys against double clicks from anonymous answers of earlier days. Returns how many."""
    return Submission.objects.filter(by=None, at__lt=today()).exclude(key="").update(key="")
