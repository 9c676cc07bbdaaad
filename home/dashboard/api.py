"""The front door of this room: import from here, never from the modules behind it."""

from .registry import Column, DrawnPanel, Panel, panels, panels_for

__all__ = ["Column", "DrawnPanel", "Panel", "panels", "panels_for"]
