"""The front door of this room: import from here, never from the modules behind it."""

__all__: list[str] = []
