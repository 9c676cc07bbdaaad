"""The front door of this room: import from here, never from the modules behind it."""

from .due import calendar_unit, due_from, term_unit, unit_of
from .editor import Option
from .findings import ERROR, WARNING, Finding
from .graph import DONE, REJECTED, REWORK, START, SUPPLEMENT, Graph, node_name, ref, step_id_of
from .jumps import remember_way_back
from .kinds.block import BlockSpec
from .kinds.deadlines import term_words
from .kinds.each import MAX_ITEMS, EachSpec
from .kinds.human import HumanStep
from .kinds.rework import generated_specs, rework_spec, supplement_spec
from .kinds.wait import WaitSpec
from .lists import ItemList, Items, lists, read_list
from .nodes import Act, Choice, End, Human, Join, Plain, Split, Start, close_task
from .registry import (
    Deed,
    LintScope,
    Outcome,
    Path,
    RefusedError,
    Say,
    Step,
    block_paths,
    offered,
    steps,
    walk,
)
from .rounds import Round, branch_of, round_of, save_round
from .situation import Situation
from .spec import RESERVED_IDS, AnyStep, Branch, Delay, HumanSpec, Late, StepSpec
from .turn import Notice, Turn, current_turn, running
from .waiting import WAITING, Awaited, Wait, WaitActivation, go_on, open_waits, wake_changed
from .who import Assignment, NobodyError, Rule, Tried, Who, assign, found_by, read_rule, rules

__all__ = [
    "DONE",
    "ERROR",
    "MAX_ITEMS",
    "REJECTED",
    "RESERVED_IDS",
    "REWORK",
    "START",
    "SUPPLEMENT",
    "WAITING",
    "WARNING",
    "Act",
    "AnyStep",
    "Assignment",
    "Awaited",
    "BlockSpec",
    "Branch",
    "Choice",
    "Deed",
    "Delay",
    "EachSpec",
    "End",
    "Finding",
    "Graph",
    "Human",
    "HumanSpec",
    "HumanStep",
    "ItemList",
    "Items",
    "Join",
    "Late",
    "LintScope",
    "NobodyError",
    "Notice",
    "Option",
    "Outcome",
    "Path",
    "Plain",
    "RefusedError",
    "Round",
    "Rule",
    "Say",
    "Situation",
    "Split",
    "Start",
    "Step",
    "StepSpec",
    "Tried",
    "Turn",
    "Wait",
    "WaitActivation",
    "WaitSpec",
    "Who",
    "assign",
    "block_paths",
    "branch_of",
    "calendar_unit",
    "close_task",
    "current_turn",
    "due_from",
    "found_by",
    "generated_specs",
    "go_on",
    "lists",
    "node_name",
    "offered",
    "open_waits",
    "read_list",
    "read_rule",
    "ref",
    "remember_way_back",
    "rework_spec",
    "round_of",
    "rules",
    "running",
    "save_round",
    "step_id_of",
    "steps",
    "supplement_spec",
    "term_unit",
    "term_words",
    "unit_of",
    "wake_changed",
    "walk",
]
