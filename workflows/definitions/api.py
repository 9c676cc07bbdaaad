"""The front door of this room: import from here, never from the modules behind it."""

from .definition import Definition, FlowSpec, RegisterSpec, StartSpec
from .lint import errors, lint
from .names import Names
from .publish import PublishCheck, PublishError, check, publish, publish_checks
from .stored import DamagedVersionError, definition_of

__all__ = [
    "DamagedVersionError",
    "Definition",
    "FlowSpec",
    "Names",
    "PublishCheck",
    "PublishError",
    "RegisterSpec",
    "StartSpec",
    "check",
    "definition_of",
    "errors",
    "lint",
    "publish",
    "publish_checks",
]
