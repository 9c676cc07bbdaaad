"""The front door of this room: import from here, never from the modules behind it."""

from .diagram import Drawing, Line, draw, outcome_words, state_words
from .errors import BusyError, ConflictError, EngineError, FaultError, InvalidActError, NotVisibleError
from .opening import open_dossier, startable_by, version_to_start
from .queries import (
    COUNT_LIMIT,
    StepState,
    TaskRow,
    TaskView,
    Way,
    claimable_tasks,
    count_tasks,
    my_tasks,
    open_tasks,
    step_title,
    view_task,
    way_of,
)
from .runtime import MAX_NOTE, claim, decide, may_see, release, withdraw
from .stranded import rescue_stranded_tasks

__all__ = [
    "COUNT_LIMIT",
    "MAX_NOTE",
    "BusyError",
    "ConflictError",
    "Drawing",
    "EngineError",
    "FaultError",
    "InvalidActError",
    "Line",
    "NotVisibleError",
    "StepState",
    "TaskRow",
    "TaskView",
    "Way",
    "claim",
    "claimable_tasks",
    "count_tasks",
    "decide",
    "draw",
    "may_see",
    "my_tasks",
    "open_dossier",
    "open_tasks",
    "outcome_words",
    "release",
    "rescue_stranded_tasks",
    "startable_by",
    "state_words",
    "step_title",
    "version_to_start",
    "view_task",
    "way_of",
    "withdraw",
]
