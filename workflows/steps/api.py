"""The front door of this room: import from here, never from the modules behind it."""

from .findings import ERROR, WARNING, Finding
from .graph import DONE, REJECTED, REWORK, START, Graph, node_name, ref, step_id_of
from .kinds.human import HumanStep
from .kinds.rework import rework_spec
from .nodes import Act, Choice, End, Human, Join, Plain, Split, Start
from .registry import LintScope, Outcome, Step, offered, steps, walk
from .spec import AnyStep, Branch, HumanSpec, StepSpec
from .turn import Notice, Turn, current_turn, running
from .who import Assignment, Rule, Who, assign, rules

__all__ = [
    "DONE",
    "ERROR",
    "REJECTED",
    "REWORK",
    "START",
    "WARNING",
    "Act",
    "AnyStep",
    "Assignment",
    "Branch",
    "Choice",
    "End",
    "Finding",
    "Graph",
    "Human",
    "HumanSpec",
    "HumanStep",
    "Join",
    "LintScope",
    "Notice",
    "Outcome",
    "Plain",
    "Rule",
    "Split",
    "Start",
    "Step",
    "StepSpec",
    "Turn",
    "Who",
    "assign",
    "current_turn",
    "node_name",
    "offered",
    "ref",
    "rework_spec",
    "rules",
    "running",
    "step_id_of",
    "steps",
    "walk",
]
