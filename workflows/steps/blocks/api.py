"""The front door of the blocks: what the editor of flows uses of them."""

from .asked import Asked, Questions, asked_in
from .compound import TooDeepError, step_key, walk_blocks
from .flow import LEVELS, FlowField, steps_part
from .inputs import OneOfBlock, media
from .parts import NOTHING, both_languages

__all__ = [
    "LEVELS",
    "NOTHING",
    "Asked",
    "FlowField",
    "OneOfBlock",
    "Questions",
    "TooDeepError",
    "asked_in",
    "both_languages",
    "media",
    "step_key",
    "steps_part",
    "walk_blocks",
]
