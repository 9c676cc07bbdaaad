"""The front door of this room: import from here, never from the modules behind it."""

from .due import calendar_unit, due_from, due_of, term_unit, unit_of
from .findings import ERROR, WARNING, Finding
from .graph import DONE, REJECTED, REWORK, START, SUPPLEMENT, Graph, node_name, ref, step_id_of
from .jumps import remember_way_back
from .kinds.deadlines import delay_problems, too_long
from .kinds.human import HumanStep
from .kinds.rework import generated_specs, rework_spec, supplement_spec
from .kinds.wait import WaitSpec
from .lists import MAX_ITEMS, ItemList, Items, item_names, lists
from .nodes import Act, Choice, End, Human, Join, Plain, Split, Start, close_task
from .order import registers_of
from .paper_data import Facts, compose, moment
from .registry import Deed, LintScope, Outcome, Path, RefusedError, Step, block_paths, offered, steps, walk
from .rounds import Round, Tally, branch_of, items_at, round_of, save_round, tally_of, votes_of
from .situation import Situation
from .spec import RESERVED_IDS, Alert, AnyStep, Branch, Delay, HumanSpec, Late, Overdue, StepSpec
from .turn import Notice, Turn, current_turn, running
from .waiting import WAITING, Awaited, Wait, WaitActivation, go_on, open_waits, wake_changed
from .who import Assignment, NobodyError, Rule, Tried, Who, assign, found_by, rules

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
    "Alert",
    "AnyStep",
    "Assignment",
    "Awaited",
    "Branch",
    "Choice",
    "Deed",
    "Delay",
    "End",
    "Facts",
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
    "Outcome",
    "Overdue",
    "Path",
    "Plain",
    "RefusedError",
    "Round",
    "Rule",
    "Situation",
    "Split",
    "Start",
    "Step",
    "StepSpec",
    "Tally",
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
    "compose",
    "current_turn",
    "delay_problems",
    "due_from",
    "due_of",
    "found_by",
    "generated_specs",
    "go_on",
    "item_names",
    "items_at",
    "lists",
    "moment",
    "node_name",
    "offered",
    "open_waits",
    "ref",
    "registers_of",
    "remember_way_back",
    "rework_spec",
    "round_of",
    "rules",
    "running",
    "save_round",
    "step_id_of",
    "steps",
    "supplement_spec",
    "tally_of",
    "term_unit",
    "too_long",
    "unit_of",
    "votes_of",
    "wake_changed",
    "walk",
]
