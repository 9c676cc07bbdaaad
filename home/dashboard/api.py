"""The front door of this room: import from here, never from the modules behind it."""

from .drawing import panels_for
from .registry import Column, Panel, panels

__all__ = ["Column", "Panel", "panels", "panels_for"]
