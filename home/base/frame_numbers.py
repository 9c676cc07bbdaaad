"""The number on the bell."""

from home.notifications.api import unread_asked, unread_rows
from plugins.api.api import example_keys

from .numbers import FrameNumber, frame_numbers

UNREAD = "unread"

frame_numbers.register(
    FrameNumber(
        code=UNREAD,
        asked=unread_asked,
        rows=lambda shape, values: [unread_rows(shape, *values)],
        examples=lambda _shape, after: example_keys(1, after=after),
    )
)
