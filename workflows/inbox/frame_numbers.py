"""How many tasks wait for the reader."""

from __future__ import annotations

from home.base.api import FrameNumber, frame_numbers
from workflows.engine.api import asked_of, examples_of, parts_of

MINE = "tasks"

frame_numbers.register(
    FrameNumber(
        code=MINE,
        asked=asked_of,
        rows=parts_of,
        examples=lambda shape, after: examples_of(shape, after=after),
    )
)
