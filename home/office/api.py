"""The front door of this room: what the office is called, and how it looks."""

from .colours import checked_colour
from .models import Office
from .pictures import draw_logo, opened_picture
from .reading import office_name, office_now, office_of

__all__ = [
    "Office",
    "checked_colour",
    "draw_logo",
    "office_name",
    "office_now",
    "office_of",
    "opened_picture",
]
