"""How many answers a form takes, of all and of each person; it holds however many send at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from .anonymous import has_answered
from .models import AnswerSet, Submission

if TYPE_CHECKING:
    from home.people.models import User


class RefusedSubmissionError(Exception):
    """An answer that is not taken, and nothing is stored; `message` says why, in the reader's language."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class FullError(RefusedSubmissionError):
    """The form has as many answers as it takes."""

    def __init__(self) -> None:
        super().__init__(_("This form has all the answers that it takes. Nothing was sent."))


class AnsweredError(RefusedSubmissionError):
    """The person has answered before, and the form takes one answer from each."""

    def __init__(self) -> None:
        super().__init__(_("You have answered this form already; it takes one answer from each person."))


@dataclass(frozen=True)
class Limits:
    """What a form takes: `quota` answers in all, `once` from each person, `anonymous` without their names."""

    quota: int | None = None
    once: bool = False
    anonymous: bool = False

    @property
    def any(self) -> bool:
        """Tell whether answers have to be let in one after another."""
        return self.once or self.anonymous or self.quota is not None

    def is_full(self, source: str) -> bool:
        """Tell whether all places are taken; no query without a quota."""
        if self.quota is None:
            return False
        return Submission.objects.filter(source=source).count() >= self.quota

    def answered(self, user: User, source: str) -> bool:
        """Tell whether this person has used the one answer; no query where there is no such rule."""
        if not self.once:
            return False
        if self.anonymous:
            return has_answered(user, source)
        return Submission.objects.filter(source=source, by=user).exists()


def stand_in_line(source: str) -> None:
    """Let one answer after another into a form, until the end of the transaction."""
    AnswerSet.objects.select_for_update().only("pk").get(source=source)


def check_place(limits: Limits, *, by: User | None, source: str) -> None:
    """Refuse an answer for which there is no place. The caller stands in line. Raises `RefusedSubmissionError`."""
    if by is not None and limits.answered(by, source):
        raise AnsweredError
    if limits.is_full(source):
        raise FullError
