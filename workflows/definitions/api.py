"""The front door of this room: import from here, never from the modules behind it."""

from .definition import Definition, FlowSpec, RegisterSpec, StartSpec
from .differences import Difference, differences, differences_of_data
from .lint import errors, lint
from .names import Names
from .publish import PublishCheck, PublishError, check, publish, publish_checks
from .stored import DamagedVersionError, definition_of, forget_definition

__all__ = [
    "DamagedVersionError",
    "Definition",
    "Difference",
    "FlowSpec",
    "Names",
    "PublishCheck",
    "PublishError",
    "RegisterSpec",
    "StartSpec",
    "check",
    "definition_of",
    "differences",
    "differences_of_data",
    "errors",
    "forget_definition",
    "lint",
    "publish",
    "publish_checks",
]
