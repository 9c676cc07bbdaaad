"""Where a dossier stands when a rule, a list or a value is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from viewflow.workflow.status import STATUS

from home.people.api import User
from workflows.dossiers.api import Dossier, InstructionParty

from .graph import node_name
from .rounds import items_at

if TYPE_CHECKING:
    from viewflow.workflow.activation import Activation

    from .turn import Turn


@dataclass(frozen=True)
class Situation:
    """One place of a running flow: the turn that runs, the process, and the token of the way (`start/5_2`).

    Before the first step there is no process yet. Rules, lists and values ask here and nowhere else.
    """

    turn: Turn
    process: Any = None
    token: str = "start"  # noqa: S105 - a token of viewflow
    #: Whether it is asked for somebody who judges the dossier: its submitter may not.
    judges: bool = False

    @classmethod
    def of(cls, activation: Activation) -> Situation:
        """Return the situation of a node that runs."""
        from .turn import current_turn

        return cls(current_turn(), activation.process, activation.task.token.token)

    @property
    def dossier(self) -> Dossier:
        """The dossier."""
        return self.turn.dossier

    @property
    def answers(self) -> Mapping[str, Any]:
        """The answers as they are now."""
        return self.turn.dossier.answers

    @property
    def item(self) -> str:
        """The unit or person (`dept:3`, `user:5`) for whom the innermost *each* block runs this branch, or empty."""
        return self.items[-1] if self.items else ""

    @property
    def items(self) -> tuple[str, ...]:
        """The units or persons for whom *each* blocks run this branch, the outermost first."""
        return items_at(self.process, self.token) if self.process is not None else ()

    def done_by(self, step_id: str) -> User | None:
        """Return whose task a step was when it was last done, in this branch or above it; None if it never was."""
        if self.process is None:
            return None
        node = self.process.flow_class.instance.node(node_name(step_id), no_obsolete=True)
        if node is None:
            return None
        done = self.process.task_set.filter(flow_task=node, status=STATUS.DONE, owner__isnull=False)
        found = [
            task for task in done.select_related("owner").order_by("-pk") if self._sees(task.token.token)
        ]
        return found[0].owner if found else None

    def parties(self, step_id: str, role: str) -> list[str]:
        """Return whom the newest instruction given at a step names in a role, as items (`dept:3`, `user:5`)."""
        parties = InstructionParty.objects.filter(
            role=role, instruction__dossier=self.dossier, instruction__step=step_id
        )
        rows = list(parties.order_by("-instruction_id", "pk"))
        return [row.item for row in rows if row.instruction_id == rows[0].instruction_id]

    def _sees(self, token: str) -> bool:
        """Tell whether a token belongs to this way, to one that it came from, or to a block that it has passed."""
        here, there = self.token.split("/"), token.split("/")
        common = 0
        while common < min(len(here), len(there)) and here[common] == there[common]:
            common += 1
        # A sibling branch of a block that still runs around this place is somebody else's.
        return not (
            common < len(here)
            and common < len(there)
            and here[common].split("_")[0] == there[common].split("_")[0]
        )
