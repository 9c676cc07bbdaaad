"""Why an act on a dossier did not happen; nothing was changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from home.forms.api import ConditionError
from home.people.api import User
from workflows.steps.api import RefusedError


class EngineError(Exception):
    """Base of everything that the engine refuses."""


class NotVisibleError(EngineError):
    """The dossier or task does not exist, or not for this person: a view answers 404."""


@dataclass
class ConflictError(EngineError):
    """Somebody else acted first: a view answers 409 and names who, what and when.

    `reason` is `decided`, `claimed`, `closed` (the dossier or the branch ended), or `not_yours` (the role was lost).
    """

    reason: str
    dossier_id: int
    by: User | None = None
    at: datetime | None = None
    outcome: str = ""


class BusyError(EngineError):
    """The dossier did not become free in time: a view answers 409 and offers to try again."""


class InvalidActError(EngineError):
    """The act itself is wrong (an unknown outcome, a missing reason): a view shows `message` beside the form."""

    def __init__(self, message: str, field: str = "") -> None:
        self.message = message
        self.field = field
        super().__init__(message)


class FaultError(EngineError):
    """The flow cannot go on as defined (a condition that cannot be decided): a view says so and keeps the input."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@contextmanager
def faults_of_flow() -> Iterator[None]:
    """Turn what a condition or a kind of step cannot do into a `FaultError` in words."""
    try:
        yield
    except (ConditionError, RefusedError) as error:
        raise FaultError(str(error)) from error
