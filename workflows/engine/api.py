"""The front door of this room: import from here, never from the modules behind it."""

from .diagram import Drawing, Extra, Line, draw, draw_definition, draw_parts
from .drafts import draft_of, save_draft
from .errands import ErrandRow, errands_of, may_retry, may_waive, retry_errand, run_errands, waive_errand
from .errors import BusyError, ConflictError, EngineError, FaultError, InvalidActError, NotVisibleError
from .firing import fire_timers
from .foresight import Ahead, Next, ahead_of
from .goals import goals_of
from .guards import MAX_NOTE, may_see
from .handing import candidates_for, forward, may_reassign, reassign
from .impact import Impact, Running, Standing, impact
from .layout import Box, Cell, Edge, Fork, Lane, Layout, Piece, lay_out
from .lettering import width_of, wrapped
from .migrating import Move, Place, migrate, plan_migration
from .opening import open_dossier, startable_by, version_to_start
from .outline import Part, Route, outcome_words, outline, part_of, route, state_words
from .participants import (
    OpenRound,
    Participant,
    add_participant,
    may_lead,
    open_rounds,
    participants_of,
    remove_participant,
)
from .pausing import hold, may_hold, may_resume, request_supplement, resume
from .queries import StepState, TaskView, Way, open_tasks, view_task, way_of
from .recalling import may_recall, recall
from .runtime import claim, decide, release, withdraw
from .samples import LATE, MAX_TIMES, Sample, SampleAct, filled, read_choices
from .standing_in import acts_for
from .stranded import rescue_stranded_tasks
from .sub_dossiers import SubRow, subs_of
from .task_counts import COUNT_LIMIT, count_parts, count_tabs, count_tasks
from .task_lists import (
    LINE,
    URGENCY,
    Parts,
    TaskRow,
    claimable_parts,
    claimable_tasks,
    dispatch_parts,
    dispatch_queue,
    done_parts,
    human_tasks,
    merged,
    my_tasks,
    own_parts,
    plain_outcomes,
    rows_of,
    step_title,
    with_reasons,
)
from .timers import shift_timers
from .trial import Day, Happening, Offer, Told, Trial, TrialStep
from .trying_out import play
from .waking import shift_waits, wake_waiting

__all__ = [
    "COUNT_LIMIT",
    "LATE",
    "LINE",
    "MAX_NOTE",
    "MAX_TIMES",
    "URGENCY",
    "Ahead",
    "Box",
    "BusyError",
    "Cell",
    "ConflictError",
    "Day",
    "Drawing",
    "Edge",
    "EngineError",
    "ErrandRow",
    "Extra",
    "FaultError",
    "Fork",
    "Happening",
    "Impact",
    "InvalidActError",
    "Lane",
    "Layout",
    "Line",
    "Move",
    "Next",
    "NotVisibleError",
    "Offer",
    "OpenRound",
    "Part",
    "Participant",
    "Parts",
    "Piece",
    "Place",
    "Route",
    "Running",
    "Sample",
    "SampleAct",
    "Standing",
    "StepState",
    "SubRow",
    "TaskRow",
    "TaskView",
    "Told",
    "Trial",
    "TrialStep",
    "Way",
    "acts_for",
    "add_participant",
    "ahead_of",
    "candidates_for",
    "claim",
    "claimable_parts",
    "claimable_tasks",
    "count_parts",
    "count_tabs",
    "count_tasks",
    "decide",
    "dispatch_parts",
    "dispatch_queue",
    "done_parts",
    "draft_of",
    "draw",
    "draw_definition",
    "draw_parts",
    "errands_of",
    "filled",
    "fire_timers",
    "forward",
    "goals_of",
    "hold",
    "human_tasks",
    "impact",
    "lay_out",
    "may_hold",
    "may_lead",
    "may_reassign",
    "may_recall",
    "may_resume",
    "may_retry",
    "may_see",
    "may_waive",
    "merged",
    "migrate",
    "my_tasks",
    "open_dossier",
    "open_rounds",
    "open_tasks",
    "outcome_words",
    "outline",
    "own_parts",
    "part_of",
    "participants_of",
    "plain_outcomes",
    "plan_migration",
    "play",
    "read_choices",
    "reassign",
    "recall",
    "release",
    "remove_participant",
    "request_supplement",
    "rescue_stranded_tasks",
    "resume",
    "retry_errand",
    "route",
    "rows_of",
    "run_errands",
    "save_draft",
    "shift_timers",
    "shift_waits",
    "startable_by",
    "state_words",
    "step_title",
    "subs_of",
    "version_to_start",
    "view_task",
    "waive_errand",
    "wake_waiting",
    "way_of",
    "width_of",
    "with_reasons",
    "withdraw",
    "wrapped",
]
