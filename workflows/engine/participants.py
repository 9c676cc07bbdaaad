"""Who takes part in a block that asks several at once or one after another, and how that changes while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from home.forms.api import localized
from home.people.api import Department, User, key_in
from workflows.dossiers.api import DISPATCH, Dossier, principals_of
from workflows.steps.api import (
    MAX_ITEMS,
    Block,
    NobodyError,
    Round,
    Situation,
    Turn,
    branch_of,
    branch_to_follow,
    found_by,
    items_at,
    node_name,
    round_of,
    save_round,
    steps,
)

from .errors import InvalidActError, NotVisibleError, faults_of_flow
from .guards import (
    check_open,
    check_running,
    clean_note,
    clean_reason,
    leads,
    locked_dossier,
    may_see,
    refusal,
)
from .lock import exclusive
from .models import DossierProcess
from .turns import turn_of

#: How a branch is named that the definition has, by its number.
_BRANCH = "branch:"


@dataclass(frozen=True)
class Participant:
    """One unit or person of a running block. `state` is `waiting` (their turn comes), `open`, `done` or `removed`.

    A branch that the definition of a parallel block names is `branch:2`, and `title` says what it is called.
    """

    item: str
    state: str
    number: int = 0
    #: How the branch has voted, if it has come through and somebody was asked.
    vote: bool | None = None
    title: str = ""


@dataclass(frozen=True)
class OpenRound:
    """One round of a block that runs now. `key` names it; inside other such blocks each branch has one of its own.

    `around` are the units or persons in whose branches it runs, the outermost first.
    """

    key: int
    around: tuple[str, ...]
    participants: list[Participant]
    #: Whether the reader may change who takes part.
    leads: bool = False


@dataclass(frozen=True)
class _Running:
    """A block that runs now: its split task and the round as stored."""

    process: DossierProcess
    split: Task
    round: Round

    def token(self, number: int) -> str:
        return f"{self.split.token.token}/{self.split.pk}_{number}"

    def item(self, number: int) -> str:
        """Return for whom a branch runs, or the name of one that the definition has."""
        return self.round.items.get(number) or f"{_BRANCH}{number}"

    def title(self, number: int) -> str:
        """Return what a branch of the definition is called; empty for one of a unit or person."""
        if number in self.round.items:
            return ""
        spec = self.split.flow_task.spec
        branch = steps.get(spec.kind).branches(spec)[number - 1]
        return localized(branch.title) or " · ".join(localized(step.title) for step in branch.steps)

    def join(self) -> Task | None:
        """Return the task in which arrivals gather, if anybody has come through."""
        spec = self.split.flow_task.spec
        node = self.process.flow_class.instance.node(node_name(spec.id, "join"))
        open_ones = self.process.task_set.filter(
            flow_task=node, token=self.split.token, finished__isnull=True
        )
        return next((task for task in open_ones if task.data.get("split") == self.split.pk), None)

    def arrived(self) -> set[int]:
        """Return the numbers of the branches that have come through."""
        join = self.join()
        tokens = [str(token) for token in join.previous.values_list("token", flat=True)] if join else []
        prefix = f"{self.split.token.token}/{self.split.pk}_"
        return {branch_of(token) for token in tokens if token.startswith(prefix)}

    def vote(self, number: int) -> bool | None:
        """Return how a branch has voted so far."""
        found: bool | None = self.process.data.get("votes", {}).get(self.token(number))
        return found

    def tasks(self, number: int) -> Iterator[Task]:
        """Yield the unfinished tasks of a branch, those in blocks inside it included."""
        token = self.token(number)
        for task in self.process.task_set.filter(finished__isnull=True).select_related("owner"):
            if task.token.token == token or task.token.token.startswith(f"{token}/"):
                task.process = self.process
                yield task


def open_rounds(dossier: Dossier, block: str, reader: User | None = None) -> list[OpenRound]:
    """Return the rounds of a block that run now, the oldest first; empty when it does not run.

    `leads` is asked for `reader` alone.
    """
    process = DossierProcess.objects.filter(dossier=dossier).latest("pk")
    process.dossier = dossier
    return [
        OpenRound(
            one.split.pk,
            items_at(process, one.split.token.token),
            _participants(one),
            leads=reader is not None and _leads(one, reader),
        )
        for one in _all_running(process, block)
    ]


def participants_of(dossier: Dossier, block: str) -> list[Participant]:
    """Return who takes part in a block that runs now, in order; empty when it does not run.

    Inside another such block these are the participants of all its rounds, one round after the other.
    """
    return [person for one in open_rounds(dossier, block) for person in one.participants]


def _participants(running: _Running) -> list[Participant]:
    found, arrived = running.round, running.arrived()
    begun = [
        Participant(
            running.item(number),
            _state(running, number, arrived),
            number,
            running.vote(number),
            running.title(number),
        )
        for number in range(1, found.count + 1)
    ]
    return begun + [Participant(item, "waiting") for item in found.queue]


def may_lead(dossier: Dossier, block: str, by: User, key: int | None = None) -> bool:
    """Return whether `by` may change who takes part in a round of a block (`key`), or in any that runs now."""
    process = DossierProcess.objects.filter(dossier=dossier).select_related("dossier__submitter").latest("pk")
    return any(_leads(one, by) for one in _all_running(process, block) if key in (None, one.split.pk))


def add_participant(
    dossier_id: int, block: str, *, by: User, item: str, reason: str = "", key: int | None = None
) -> Dossier:
    """Let one more unit (`dept:3`) or person (`user:5`) take part in a running block; in a sequence, as the last.

    In a parallel block they do what its last plain branch does (`branch_to_follow`), with the weight of one.
    `key` says in which round, when several run (see `open_rounds`). Who leads the block may (its option `lead`, else
    who did the step before it), and the dispatchers.
    Raises `NotVisibleError`, `ConflictError`, `InvalidActError`, `FaultError` or `BusyError`.
    """
    with exclusive():
        running, dossier = _led(dossier_id, block, by, key)
        _check_item(running, item)
        note = clean_note(reason)
        with turn_of(dossier, by=by) as turn:
            turn.note = note
            turn.log("participant.added", step=block, item=item, note=note, around=_around(running))
            _add(running, item)
    return dossier


def remove_participant(
    dossier_id: int, block: str, *, by: User, item: str, reason: str, key: int | None = None
) -> Dossier:
    """Take a unit or person out of a running block, who has not voted; the last one stays.

    What they had open is closed ("removed"), and the block's rule is asked once more. Raises as `add_participant`.
    """
    with exclusive():
        running, dossier = _led(dossier_id, block, by, key)
        note = clean_reason(reason, _("State why the participant is taken out."))
        number = _removable(running, item)
        with turn_of(dossier, by=by) as turn:
            turn.note, turn.closing = note, "removed"
            turn.log("participant.removed", step=block, item=item, note=note, around=_around(running))
            with faults_of_flow():
                _remove(running, item, number)
    return dossier


def _all_running(process: Any, block: str) -> list[_Running]:
    """Return the rounds of a block that have not ended."""
    node = process.flow_class.instance.node(node_name(block), no_obsolete=True)
    kind = steps.get(node.spec.kind) if node is not None and node.spec is not None else None
    if not isinstance(kind, Block):
        return []
    members = kind.members(node.spec)
    tokens = [task.token.token for task in process.task_set.filter(finished__isnull=True)]
    found = []
    for split in process.task_set.filter(flow_task=node, status=STATUS.DONE).order_by("pk"):
        prefix = f"{split.token.token}/{split.pk}_"
        if any(token.startswith(prefix) for token in tokens):
            split.process = process
            found.append(_Running(process, split, round_of(process, split.pk, branches=members)))
    return found


def _led(dossier_id: int, block: str, by: User, key: int | None) -> tuple[_Running, Dossier]:
    process = locked_dossier(dossier_id)
    dossier = process.dossier
    running = _all_running(process, block) if dossier.is_open else []
    wanted = [one for one in running if key in (None, one.split.pk)]
    if running and not any(_leads(one, by) for one in wanted or running):
        raise refusal(dossier, by)
    if not running and not may_see(dossier, by):
        raise NotVisibleError
    check_open(dossier)
    check_running(dossier)
    if not wanted:
        raise InvalidActError(_("This block does not run now."))
    if len(wanted) > 1:
        raise InvalidActError(_("This block runs several times now. Say in which of them."))
    return wanted[0], dossier


def _around(running: _Running) -> str:
    return "/".join(items_at(running.process, running.split.token.token))


def _leads(running: _Running, by: User) -> bool:
    if not by.is_active:
        return False
    names = principals_of(by)
    if DISPATCH in names:
        return True
    rule, dossier = running.split.flow_task.spec.lead, running.process.dossier
    if rule is None:
        before = _did_before(running.split)
        # Unless the definition says so, nobody chooses who judges their own dossier.
        is_own = before in (None, dossier.submitter_id)
        return leads(dossier, by) if is_own else before == by.pk
    turn = Turn(dossier=dossier, by=None, at=timezone.now())
    try:
        found = found_by(rule, Situation(turn, running.process, running.split.token.token))
    except NobodyError:  # the post is vacant today: the dispatchers lead
        return False
    return bool(found.principals() & names)


def _did_before(task: Task) -> int | None:
    """Return the key of whoever did the step that led here; None at the beginning."""
    seen: set[int] = set()
    edge = [task]
    while edge:
        before = [found for one in edge for found in one.previous.order_by("-pk") if found.pk not in seen]
        seen |= {found.pk for found in before}
        owners = [found.owner_id for found in before if found.flow_task_type == "HUMAN" and found.owner_id]
        if owners:
            return int(owners[0])
        edge = [found for found in before if not found.flow_task_type.startswith("START")]
    return None


def _state(running: _Running, number: int, arrived: set[int]) -> str:
    if number in running.round.left:
        return "removed"
    return "done" if number in arrived else "open"


def _check_item(running: _Running, item: str) -> None:
    kind, _colon, key = item.partition(":")
    known = {"dept": Department, "user": User}.get(kind)
    if known is None or key_in(key) is None:
        raise InvalidActError(_("Choose a unit or a person."), "item")
    if not known._default_manager.filter(pk=key, is_active=True).exists():
        raise InvalidActError(_("This unit or person is no longer active."), "item")
    found = running.round
    taking_part = [running.item(number) for number in found.open] + found.queue
    if item in taking_part or item in _asked_by_name(running):
        raise InvalidActError(_("They take part already."), "item")
    if len(taking_part) >= MAX_ITEMS:
        raise InvalidActError(_("No more than %(limit)s can be asked.") % {"limit": MAX_ITEMS}, "item")


def _asked_by_name(running: _Running) -> set[str]:
    """Return the units and people who have an open task in a branch that the definition names."""
    found: set[str] = set()
    for number in running.round.open:
        if number not in running.round.items:
            for task in running.tasks(number):
                found |= {task.owner_permission or "", f"user:{task.owner_id}"}
    return found


def _add(running: _Running, item: str) -> None:
    found, split = running.round, running.split
    spec, like = split.flow_task.spec, 0
    if spec.kind == "parallel":
        like = branch_to_follow(spec)
        if not like:
            raise InvalidActError(
                _("Each branch of this block has blocks of its own, which nobody else can join.")
            )
    if getattr(spec, "order", "") == "sequence":
        found.queue.append(item)
        save_round(running.process, found)
        return
    number = found.add(item)
    save_round(running.process, found)
    opening = split.flow_task.activation_class(split)
    with faults_of_flow():
        opening._activate_next({opening.begin(number, like=like)})


def _removable(running: _Running, item: str) -> int:
    """Return the number of the branch of `item`, 0 in the queue. Raises `InvalidActError` when it must stay."""
    found = running.round
    number = next((number for number in found.open if running.item(number) == item), 0)
    if not number and item not in found.queue:
        raise InvalidActError(_("They do not take part."), "item")
    if len(found.open) + len(found.queue) == 1:
        raise InvalidActError(
            _("The last participant stays: return or withdraw the dossier instead."), "item"
        )
    if number and (number in running.arrived() or running.vote(number) is not None):
        raise InvalidActError(_("They have given their opinion already."), "item")
    return number


def _remove(running: _Running, item: str, number: int) -> None:
    found = running.round
    if number:
        found.left.append(number)
        for task in running.tasks(number):
            task.flow_task.activation_class(task).cancel()
    else:
        found.queue.remove(item)
    save_round(running.process, found)
    join = running.join()
    if join is None:
        _ask_first(running, asked=bool(number))
        return
    join.process = running.process
    gathering = join.flow_task.activation_class(join)
    if number:
        gathering.ask_next()
    gathering.reconsider()


def _ask_first(running: _Running, *, asked: bool) -> None:
    """Ask the next of a sequence in which nobody has answered and the one who was asked has gone."""
    found = running.round
    if asked and found.queue:
        begun = found.add(found.queue.pop(0))
        save_round(running.process, found)
        opening = running.split.flow_task.activation_class(running.split)
        opening._activate_next({opening.begin(begun)})
