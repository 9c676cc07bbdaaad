"""What a try-out found: the walk, step by step, in plain words and data that outlive its transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from workflows.steps.api import Finding

Sort = Literal["human", "choice", "block", "join", "wait", "service", "end"]


class Day(NamedTuple):
    """One line of the count behind a due date."""

    day: date
    number: float | None
    words: str


class Told(NamedTuple):
    """One notification that would go out: to whom, about what, in which words, and by which ways beside the bell."""

    person: str
    kind: str
    subject: str
    ways: tuple[str, ...]


class Offer(NamedTuple):
    """One way to end a step, as the sample may choose it."""

    code: str
    label: str
    tone: str


class Happening(NamedTuple):
    """What the clock would do to a step: when, and what."""

    at: datetime
    words: str


@dataclass
class TrialStep:
    """One step that the walk came to. Texts are in the reader's language; what does not apply is empty.

    `result` is what came of it as a code: an outcome, the number of a branch, `won` or `lost`, or why it was closed.
    `nth` counts the visits to the same step, from 0. `holder` is who would get it, `rule` and `why` for what reason,
    `tried` the rules that found nobody. `weighed` are the conditions with the values that decided.
    """

    step: str
    kind: str
    title: str
    sort: Sort
    icon: str = "cog"
    depth: int = 0
    nth: int = 0
    item: str = ""
    holder: str = ""
    people: list[str] = field(default_factory=list)
    rule: str = ""
    why: str = ""
    tried: list[str] = field(default_factory=list)
    due_at: datetime | None = None
    due_words: str = ""
    counted: list[Day] = field(default_factory=list)
    actor: str = ""
    result: str = ""
    outcome: str = ""
    outcome_label: str = ""
    tone: str = ""
    goal: str = ""
    note: str = ""
    offers: list[Offer] = field(default_factory=list)
    goals: list[tuple[str, str]] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)
    closed: str = ""
    branch: str = ""
    weighed: list[str] = field(default_factory=list)
    number: str = ""
    events: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    clock: list[Happening] = field(default_factory=list)
    trouble: str = ""

    @property
    def is_human(self) -> bool:
        """Whether somebody acts here."""
        return self.sort == "human"

    @property
    def nth_text(self) -> str:
        """The number of the visit, as the names of controls end."""
        return str(self.nth)

    def mark(self) -> list[str]:
        """Return the step as a stored path keeps it: its id, and what came of it."""
        return [self.step, self.result]


@dataclass
class Trial:
    """A whole try-out. `findings` are those of the definition; with an error among them nothing was walked.

    `state` is the state that the dossier ends in (a code of `Dossier.State`, empty when it did not end), `stopped` why
    the walk went no further, in words.
    """

    findings: list[Finding] = field(default_factory=list)
    submitter: str = ""
    number: str = ""
    subject: str = ""
    due_at: datetime | None = None
    counted: list[Day] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    steps: list[TrialStep] = field(default_factory=list)
    state: str = ""
    state_label: str = ""
    stopped: str = ""
    #: Whether the walk was broken off for want of time, which says nothing about the flow.
    broken_off: bool = False

    @property
    def ended(self) -> bool:
        """Whether the dossier came to an end."""
        return bool(self.state) and not self.stopped

    def path(self) -> dict[str, Any]:
        """Return the way as a sample case keeps it: steps with outcomes, and the end."""
        return {
            "steps": [step.mark() for step in self.steps if step.sort not in ("join", "end")],
            "end": self.state if self.ended else "",
        }
