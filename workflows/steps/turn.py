"""What is gathered while one change of state runs, and written once at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from home.audit.api import Entry
from home.people.api import User

if TYPE_CHECKING:
    from viewflow.workflow.models import Task

    from workflows.dossiers.api import Dossier, Errand

    from .spec import HumanSpec
    from .who import Assignment


@dataclass
class Notice:
    """One notification to be sent: `kind` of `home.notifications`, to whom, with which parameters."""

    kind: str
    to: list[User]
    params: dict[str, Any]
    #: The task that the notice asks about, if any.
    task: Task | None = None


class Weighed(NamedTuple):
    """A condition that a choice asked: the task of the choice, the branch that it leads to, and the answers then."""

    task: int
    branch: int
    expression: str
    held: bool
    answers: Mapping[str, Any]


@dataclass
class Turn:
    """One change of state of one dossier: who acts, and everything that follows from it.

    Steps never write notifications, access or audit rows themselves: they say here what is to be written, and the
    engine writes all of it in a few queries, the audit rows last.
    """

    dossier: Dossier
    by: User | None
    at: datetime
    #: For whom the actor stands in, if anybody.
    on_behalf_of: User | None = None
    opened: list[tuple[Task, HumanSpec, Assignment]] = field(default_factory=list)
    #: Tasks of nobody, at which the dossier waits.
    waiting: list[Task] = field(default_factory=list)
    decided: list[Task] = field(default_factory=list)
    cancelled: list[Task] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    #: Work that begins after the commit.
    errands: list[Errand] = field(default_factory=list)
    #: The conditions that choices asked, in order.
    weighed: list[Weighed] = field(default_factory=list)
    principals: set[str] = field(default_factory=set)
    #: Why tasks are closed in this turn: `decided` (the block has enough votes), `rejected`, `returned`, `withdrawn`, …
    closing: str = ""
    #: Whether something was done that no recall takes back (a number was taken, another system is called).
    irrevocable: bool = False
    #: Whether what others may wait for has been locked in its order.
    holds: bool = False
    #: Whether people are only told of something: nothing has happened that a recall would have to heed.
    only_tells: bool = False
    #: Whether it is known that nobody has a stand-in today.
    nobody_is_away: bool = False
    #: The reason or opinion that the actor gave.
    note: str = ""
    #: The state that the dossier takes at the end of the turn; empty lets the open steps say.
    state: str = ""

    def keep_state(self) -> None:
        """Leave the dossier in its state: nothing was decided."""
        self.state = self.dossier.state

    def only_tell(self) -> None:
        """Leave the dossier as it is, its revision too: a reminder is no act."""
        self.keep_state()
        self.only_tells = True

    def log(self, verb: str, **data: Any) -> None:
        """Add one audit row on the dossier."""
        self.entries.append(
            Entry(
                verb=verb,
                by=self.by,
                on_behalf_of=self.on_behalf_of,
                target=self.dossier.target,
                label=self.dossier.number,
                data={key: value for key, value in data.items() if value not in (None, "", [], {})},
            )
        )

    def want(self, errand: Errand) -> None:
        """Have work done after the commit; its row is written with this turn, and no recall takes it back."""
        self.errands.append(errand)
        self.irrevocable = True

    def notify(self, kind: str, to: list[User], task: Task | None = None, **params: Any) -> None:
        """Send one notification after the commit; the actor is never told of their own act."""
        people = [person for person in to if self.by is None or person.pk != self.by.pk]
        if people:
            self.notices.append(Notice(kind, people, params, task))


_current: ContextVar[Turn] = ContextVar("turn")


def current_turn() -> Turn:
    """Return the turn that runs. Raises LookupError outside of one: nodes are never run by hand."""
    return _current.get()


@contextmanager
def running(turn: Turn) -> Iterator[Turn]:
    """Make `turn` the current one."""
    token = _current.set(turn)
    try:
        yield turn
    finally:
        _current.reset(token)
