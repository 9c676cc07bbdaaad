"""The rounds of parallel blocks: for whom each branch runs, how it votes, and what that means.

A round begins with the task of a split and is kept in `process.data` under the key of that task. Branches are told
apart by the number at the end of their token (`start/5_2` is branch 2 of the split task 5). The process row is locked
while a change of state runs, so nothing is ever lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from viewflow.workflow.status import STATUS
from viewflow.workflow.token import Token

from .storing import arrived_at, keep_data


@dataclass
class Round:
    """One round of a block, as stored.

    `items` are the units or persons by branch number, `queue` those whose turn is still to come (one after another),
    `weights` how much a branch counts (1 unless said), `left` the branches that were taken out.
    """

    split: int
    items: dict[int, str] = field(default_factory=dict)
    queue: list[str] = field(default_factory=list)
    weights: dict[int, int] = field(default_factory=dict)
    left: list[int] = field(default_factory=list)
    count: int = 0

    @property
    def open(self) -> list[int]:
        """The numbers of the branches that have begun and count."""
        return [number for number in range(1, self.count + 1) if number not in self.left]

    def weight(self, number: int) -> int:
        """Return how much a branch counts."""
        return self.weights.get(number, 1)

    def add(self, item: str) -> int:
        """Begin one more branch for `item` and return its number."""
        self.count += 1
        self.items[self.count] = item
        return self.count

    def total(self) -> int:
        """Return the weight of all branches, begun or still to come."""
        return sum(self.weight(number) for number in self.open) + len(self.queue)


@dataclass(frozen=True)
class Tally:
    """The votes of a round by weight: `total` counts everybody, `against` is whether somebody disagreed."""

    agreed: int
    disagreed: int
    total: int

    def verdict(self, needed: int, *, veto: bool = False) -> bool | None:
        """Return whether `needed` agree (True), can no longer agree (False), or neither yet (None)."""
        if veto and self.disagreed:
            return False
        if self.agreed >= needed:
            # With a veto everybody is heard before the block is won.
            return None if veto and self.agreed + self.disagreed < self.total else True
        return False if self.total - self.disagreed < needed else None


def save_round(process: Any, found: Round) -> None:
    """Store a round."""
    process.data.setdefault("rounds", {})[str(found.split)] = {
        "count": found.count,
        "items": {str(number): item for number, item in found.items.items()},
        "queue": found.queue,
        "weights": {str(number): weight for number, weight in found.weights.items()},
        "left": found.left,
    }
    keep_data(process)


def round_of(process: Any, split: int, *, branches: int = 0) -> Round:
    """Return the round of a split task; a block with fixed branches of equal weight stores none."""
    raw: Mapping[str, Any] | None = process.data.get("rounds", {}).get(str(split))
    if raw is None:
        return Round(split, count=branches)
    return Round(
        split,
        items={int(number): item for number, item in raw["items"].items()},
        queue=list(raw["queue"]),
        weights={int(number): weight for number, weight in raw["weights"].items()},
        left=list(raw["left"]),
        count=raw["count"],
    )


def items_at(process: Any, token: str) -> tuple[str, ...]:
    """Return the units or persons for whom the branches of a token run, the outermost first.

    Branches of *each* blocks have one, and so has whoever was added to a parallel block.
    """
    return tuple(filter(None, _items(process, token)))


def item_here(process: Any, token: str) -> str:
    """Return the unit or person of the innermost branch of a token; empty for a branch that a definition names."""
    return ["", *_items(process, token)][-1]


def _items(process: Any, token: str) -> list[str]:
    rounds = process.data.get("rounds", {})
    parts = (part.split("_") for part in token.split("/")[1:])
    return [rounds.get(split, {}).get("items", {}).get(number) or "" for split, number in parts]


def cast(process: Any, token: Token, vote: bool) -> None:
    """Record how the branch of `token` votes; outside of a parallel block nothing is recorded."""
    votes = process.data.setdefault("votes", {})
    if token.is_split_token() and votes.get(token.token) is not vote:
        votes[token.token] = vote
        keep_data(process)


def forget_votes(process: Any, token: str) -> None:
    """Forget how the branch of `token` and the blocks inside it voted: it goes back and is asked once more."""
    votes = process.data.get("votes", {})
    gone = [name for name in votes if name == token or name.startswith(f"{token}/")]
    if gone:
        process.data["votes"] = {name: vote for name, vote in votes.items() if name not in gone}
        keep_data(process)


def votes_of(process: Any, join: Any) -> dict[int, bool | None]:
    """Return how each branch voted that has come to the task `join` in its round; None where nobody was asked.

    A branch on its way counts for nothing: a later step of it may still vote otherwise.
    """
    votes, prefix = process.data.get("votes", {}), branches_of(join)
    tokens = {str(task.token) for task in _arrivals(join)}
    found = {token: votes.get(token) for token in tokens if token.startswith(prefix)}
    return {branch_of(token): vote for token, vote in sorted(found.items())}


def _arrivals(join: Any) -> list[Any]:
    """Return what has come to a join; asked once for each object of its task, until it is forgotten."""
    if not hasattr(join, "arrivals"):
        join.arrivals = arrived_at(join)
    found: list[Any] = join.arrivals
    return found


def has_arrivals(join: Any) -> bool:
    """Return whether anything has come to a join that was not taken back."""
    return any(task.status not in (STATUS.CANCELED, STATUS.REVIVED) for task in _arrivals(join))


def forget_arrivals(join: Any) -> None:
    """Have the arrivals of a join asked for anew."""
    join.__dict__.pop("arrivals", None)


def branches_of(join: Any) -> str:
    """Return how the tokens of all branches begin that a join waits for: `start/5_`."""
    return f"{join.token.token}/{join.data['split']}_"


def tally_of(found: Round, votes: Mapping[int, bool | None]) -> Tally:
    """Count the votes of a round; a branch in which nobody voted agrees by having come through."""
    arrived = {number: vote for number, vote in votes.items() if number not in found.left}
    return Tally(
        agreed=sum(found.weight(number) for number, vote in arrived.items() if vote is not False),
        disagreed=sum(found.weight(number) for number, vote in arrived.items() if vote is False),
        total=found.total(),
    )


def branch_of(token: str) -> int:
    """Return the number of the innermost branch of a token: `start/5_2` gives 2."""
    return int(token.rsplit("_", 1)[1])


def split_of(token: Token) -> int:
    """Return the key of the split task that gave out a branch's token (`start/5_2` gives 5)."""
    return int(token.token.rsplit("/", 1)[1].split("_")[0])


def branch_token(parent: str, split: int, number: int) -> Token:
    """Return the token of a branch."""
    return Token(f"{parent}/{split}_{number}")


def in_branch(token: str, path: Sequence[object]) -> str:
    """Return the token cut down to as many parallel blocks as `path` has."""
    return "/".join(token.split("/")[: len(path) + 1])
