"""What a decision would lead to, read from the compiled flow without taking it.

It looks one step ahead and changes nothing. Where the next step depends on something that is not known yet (the votes
of others, answers that are being typed, whose turn it is by then), it says on what instead of guessing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.utils import timezone
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS
from viewflow.workflow.token import Token

from home.forms.api import ConditionError
from home.people.api import User
from workflows.dossiers.api import Dossier
from workflows.steps.api import (
    REJECTED,
    REWORK,
    Act,
    Assignment,
    Choice,
    End,
    Human,
    HumanSpec,
    Join,
    Outcome,
    Rule,
    Situation,
    Split,
    StepSpec,
    Tally,
    Turn,
    assign,
    branch_of,
    due_of,
    node_name,
    round_of,
    rule_of,
    running,
    steps,
    tally_of,
    votes_of,
)

from .goals import goals_of

#: Beyond so many steps that need nobody, nothing is said.
_LIMIT = 50
_WORDS = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Next:
    """A step that would be reached: who would get it and by when. Without an assignment only its rule is known."""

    spec: StepSpec
    assignment: Assignment | None = None
    rule: Rule | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Ahead:
    """What one outcome leads to.

    `kind` is `step` (one step of a person), `many` (several at once), `depends` (one of several, by answers that are
    being typed), `choose` (a return to one of several), `votes` (others must still answer: see `tally` and `needed`),
    `end` (`state` says how), `wait` (something that needs nobody), `fault` (a condition fails) or `unknown`.
    """

    kind: str
    steps: Sequence[Next] = ()
    state: str = ""
    back: bool = False
    tally: Tally | None = None
    needed: int = 0


@dataclass
class _Way:
    """The walk: where it stands, and what cannot be known."""

    task: Task
    at: Situation
    outcome: Outcome
    unsure: set[str]
    flow: Any
    seen: int = 0
    votes: dict[str, bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class _Foreseen(Situation):
    """The situation after a decision: the step that is being decided was done by `doer`."""

    step: str = ""
    doer: User | None = None

    def done_by(self, step_id: str) -> User | None:
        """Return whose task a step was, this decision included."""
        return self.doer if step_id == self.step else super().done_by(step_id)


def ahead_of(task: Task, dossier: Dossier, outcome: Outcome, by: User) -> Ahead:
    """Return what `outcome` of an open task would lead to if `by` chose it now. Writes nothing.

    A few queries, the same for a dossier of any length.
    """
    turn = Turn(dossier, by, timezone.now())
    process = task.process.dossierprocess
    flow = task.flow_task.flow_class
    at = Situation(turn, process, task.token.token)
    form = flow.definition.form_of(task.flow_task.spec)
    way = _Way(task, at, outcome, set(form.keys()) if form else set(), flow)
    with running(turn):
        try:
            return _ahead(way)
        except ConditionError:
            return Ahead("fault")


def _ahead(way: _Way) -> Ahead:
    if way.outcome.targets:
        return _goals(way)
    if back := _straight_back(way):
        return Ahead("step", [_next(way, way.flow.instance.node(node_name(back)))])
    node = way.task.flow_task.target(way.outcome.code)
    return _from(way, node, way.task.token.token, way.outcome.vote) if node is not None else Ahead("unknown")


def _goals(way: _Way) -> Ahead:
    goals = goals_of(way.task, way.outcome)
    if len(goals) != 1:
        return Ahead("choose", [Next(spec) for spec in goals], back=True)
    return Ahead("step", [_next(way, way.flow.instance.node(node_name(goals[0].id)))], back=True)


def _straight_back(way: _Way) -> str:
    """Return the step that this one leads straight back to, as `take_way_back` would."""
    back: dict[str, dict[str, str]] = way.task.process.data.get("back", {})
    here, step = way.task.token.token, way.task.flow_task.spec.id
    around = [token for token in back if f"{here}/".startswith(f"{token}/") and step in back[token]]
    if not around or way.outcome.vote is False:
        return ""
    target = back[max(around, key=len)][step]
    return target if target in way.flow.paths else ""


def _from(way: _Way, node: Any, token: str, vote: bool | None) -> Ahead:
    """Follow the flow from a node to where it would stop; `vote` is how the branch has voted on the way."""
    for _number in range(_LIMIT):
        if isinstance(node, Human):
            return Ahead("step", [_next(way, node)], back=node.name == REWORK)
        if isinstance(node, End):
            return Ahead("end", state=node.state)
        if isinstance(node, Join):
            return _join(way, node, token, vote)
        if isinstance(node, Split):
            return Ahead("many", [_entry(way, entry) for entry in _entries(node)])
        if isinstance(node, Choice):
            if _asks(node.spec, way.unsure):
                return Ahead("depends", list(_first_of_each(way, node)))
            node = _taken(way, node)
        elif isinstance(node, Act):
            way.unsure |= _calculated(node.spec)
            node = node._next
        else:
            return Ahead("wait", [Next(node.spec)]) if node is not None and node.spec else Ahead("unknown")
    return Ahead("unknown")


def _calculated(spec: Any) -> set[str]:
    """Return the answers that a step which needs nobody gives or changes."""
    if spec is None:
        return set()
    given = {question.key for question in steps.get(spec.kind).provides(spec)}
    return given | {value.target for value in getattr(spec, "values", ())}


# --- blocks ------------------------------------------------------------------------------------------------------


def _entries(split: Split) -> list[Any]:
    return [branch[0] for branch in split._branches]


def _entry(way: _Way, node: Any) -> Next:
    """Return the first step of a branch; inside of it, rules that speak of the branch cannot be asked yet."""
    for _number in range(_LIMIT):
        if isinstance(node, Act):
            node = node._next
            continue
        break
    if isinstance(node, Human) and not _speaks_of_item(node.spec):
        return _next(way, node)
    return Next(node.spec, rule=getattr(node.spec, "who", None))


def _speaks_of_item(spec: HumanSpec) -> bool:
    return "item" in set(_words_in(spec.who.model_dump())) | set(_words_in(spec.fallback.model_dump()))


def _join(way: _Way, join: Join, token: str, vote: bool | None) -> Ahead:
    """Say what the vote of a branch does to its block, and go on behind it when that decides it."""
    split, base = int(token.rsplit("/", 1)[1].split("_")[0]), token.rsplit("/", 1)[0]
    spec: Any = join.spec
    kind: Any = steps.get(spec.kind)
    found = round_of(way.at.process, split, branches=kind.members(spec))
    arrived = _arrived(way, join, base, split)
    own = vote if vote is not None else way.at.process.data.get("votes", {}).get(token)
    tally = tally_of(found, arrived | {branch_of(token): own})
    needed = spec.needed(tally.total)
    verdict = tally.verdict(needed, veto=spec.veto)
    if verdict is None:
        return Ahead("votes", [Next(spec)], tally=tally, needed=needed)
    node = join._next
    if isinstance(node, Choice) and node.spec is spec:  # the gateway behind the join
        node = _behind(way, node, spec, verdict)
    way.at = Situation(way.at.turn, way.at.process, base)
    return _from(way, node, base, verdict)


def _behind(way: _Way, route: Choice, spec: Any, verdict: bool) -> Any:
    if not verdict:
        lost = {"reject": REJECTED, "return": REWORK}[spec.if_lost]
        return way.flow.instance.node(lost)
    return next(node for node, condition in route._branches if condition is not None)


def _arrived(way: _Way, join: Join, base: str, split: int) -> dict[int, bool | None]:
    """Return how the branches voted that have come to the join before; three queries at most."""
    waiting = Task.objects.filter(process=way.task.process_id, flow_task=join, token=Token(base))
    for task in waiting.filter(status__in=[STATUS.NEW, STATUS.STARTED]):
        if task.data.get("split") == split:
            return votes_of(way.at.process, task)
    return {}


# --- conditions --------------------------------------------------------------------------------------------------


def _taken(way: _Way, choice: Choice) -> Any:
    """Return the branch that the answers take now."""
    stand_in = SimpleNamespace(flow_class=way.flow, process=way.at.process, task=way.task)
    default = None
    for node, condition in choice._branches:
        if condition is None:
            default = node
        elif condition(stand_in):
            return node
    return default


def _first_of_each(way: _Way, choice: Choice) -> Iterator[Next]:
    """Yield the first step of each branch that has one, each once."""
    seen = set()
    for node, _condition in choice._branches:
        found = _from(
            _Way(way.task, way.at, way.outcome, set(way.unsure), way.flow), node, way.at.token, None
        )
        for one in found.steps:
            if one.spec.id not in seen:
                seen.add(one.spec.id)
                yield Next(one.spec)


def _asks(spec: Any, keys: set[str]) -> bool:
    """Tell whether a condition or a rule speaks of one of these answers."""
    return (bool(keys) and not keys.isdisjoint(_words_in(spec.model_dump(exclude={"branches"})))) or any(
        not keys.isdisjoint(_words_in(branch.when)) for branch in getattr(spec, "branches", ()) if keys
    )


def _words_in(data: Any) -> Iterable[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield str(key)
            yield from _words_in(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _words_in(value)
    elif isinstance(data, str):
        yield from _WORDS.findall(data)


# --- people ------------------------------------------------------------------------------------------------------


def _next(way: _Way, node: Human) -> Next:
    """Return a step of a person with who would get it; a rule that takes turns or asks a typed answer is only said."""
    spec = node.spec
    who = rule_of(spec, way.at)
    if who.takes_turns or spec.fallback.takes_turns or _asks(who, way.unsure):
        return Next(spec, rule=who)
    doer = way.task.owner or way.at.turn.by
    at = _Foreseen(way.at.turn, way.at.process, way.at.token, step=way.task.flow_task.spec.id, doer=doer)
    found = assign(who, spec.fallback, at, not_submitter=node.not_submitter)
    return Next(spec, found, due_at=due_of(spec, way.at.turn, found))
