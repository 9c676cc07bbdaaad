"""Collects the viewflow nodes of one flow while its steps are built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from viewflow import this
from viewflow.workflow.base import Node

if TYPE_CHECKING:
    from .spec import StepSpec

START, REWORK, SUPPLEMENT = "n_start_", "n_rework_", "n_supplement_"
DONE, REJECTED = "n_done_", "n_rejected_"


def node_name(step_id: str, part: str = "") -> str:
    """Return the attribute that holds a step's node: `n_sign_`, or `n_opinions__join_` for a generated part.

    The prefix keeps a step from shadowing an attribute of Flow, the suffix keeps viewflow from taking a name that
    ends in `_path` for an address. **Never change it**: open tasks are stored under these names.
    """
    return f"n_{step_id}__{part}_" if part else f"n_{step_id}_"


def step_id_of(name: str) -> str:
    """Return the step that a node belongs to: the reverse of `node_name`."""
    return name.removeprefix("n_").removesuffix("_").split("__")[0]


def ref(name: str) -> Any:
    """Return viewflow's forward reference to a node."""
    return getattr(this, name)


class Graph:
    """Nodes by name. Steps are built from the last to the first, each told what comes `after` it."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        #: How many parallel blocks enclose the step that is being built.
        self.depth = 0

    def add(self, name: str, node: Node, spec: StepSpec | None = None) -> str:
        """Put a node into the flow and return its name. A name that is taken is a fault of the compiler."""
        if name in self.nodes:
            raise ValueError(f"Two nodes are called {name}")
        node.spec = spec
        self.nodes[name] = node
        return name

    def sequence(self, specs: Sequence[StepSpec], after: str) -> str:
        """Build steps that follow each other and return the name of the first node (`after` when there is none)."""
        from .registry import steps

        for spec in reversed(specs):
            after = steps.get(spec.kind).build(spec, self, after)
        return after

    @contextmanager
    def parallel(self) -> Iterator[None]:
        """Build what lies inside a parallel block."""
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1
