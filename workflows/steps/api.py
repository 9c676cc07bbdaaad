"""The front door of this room: import from here, never from the modules behind it."""

from .due import calendar_unit, due_from, due_of, term_unit, unit_of
from .editor import Option
from .findings import ERROR, WARNING, Finding
from .graph import DONE, REJECTED, REWORK, START, SUPPLEMENT, Graph, node_name, ref, step_id_of
from .jumps import remember_way_back
from .kinds.block import Block, BlockSpec
from .kinds.choice import Choice as ChoiceStep
from .kinds.choice import ChoiceSpec
from .kinds.deadlines import delay_problems, term_words, too_long
from .kinds.each import EachSpec
from .kinds.human import HumanStep
from .kinds.paper import PaperSpec
from .kinds.rework import generated_specs, rework_spec, supplement_spec
from .kinds.wait import WaitSpec
from .lists import MAX_ITEMS, ItemList, Items, item_names, lists, read_list
from .nodes import Act, Choice, End, Human, Join, Plain, Split, Start, close_task
from .order import registers_of
from .paper_data import Facts, compose, moment
from .reasons import closed_words, nobody_words, role_names, rule_words, rules_words, tried_words, why_words
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
from .rounds import Round, Tally, branch_of, items_at, round_of, save_round, tally_of, votes_of
from .situation import Situation
from .spec import RESERVED_IDS, Alert, AnyStep, Branch, Delay, HumanSpec, Late, Overdue, StepSpec
from .storing import keep_data, keep_task
from .taking_part import branch_to_follow, rule_of
from .turn import Notice, Turn, Weighed, current_turn, running
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
    "Alert",
    "AnyStep",
    "Assignment",
    "Awaited",
    "Block",
    "BlockSpec",
    "Branch",
    "Choice",
    "ChoiceSpec",
    "ChoiceStep",
    "Deed",
    "Delay",
    "EachSpec",
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
    "Option",
    "Outcome",
    "Overdue",
    "PaperSpec",
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
    "Tally",
    "Tried",
    "Turn",
    "Wait",
    "WaitActivation",
    "WaitSpec",
    "Weighed",
    "Who",
    "assign",
    "block_paths",
    "branch_of",
    "branch_to_follow",
    "calendar_unit",
    "close_task",
    "closed_words",
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
    "keep_data",
    "keep_task",
    "lists",
    "moment",
    "nobody_words",
    "node_name",
    "offered",
    "open_waits",
    "read_list",
    "read_rule",
    "ref",
    "registers_of",
    "remember_way_back",
    "rework_spec",
    "role_names",
    "round_of",
    "rule_of",
    "rule_words",
    "rules",
    "rules_words",
    "running",
    "save_round",
    "step_id_of",
    "steps",
    "supplement_spec",
    "tally_of",
    "term_unit",
    "term_words",
    "too_long",
    "tried_words",
    "unit_of",
    "votes_of",
    "wake_changed",
    "walk",
    "why_words",
]
