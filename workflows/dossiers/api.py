"""The front door of this room: import from here, never from the modules behind it."""

from .gate import DISPATCH, grant, principals_of
from .models import Attachment, Dossier, DossierAccess, DossierType, FlowVersion, Register, RegisterEntry
from .numbers import PATTERN_FIELDS, check_pattern, take_number, void_number

__all__ = [
    "DISPATCH",
    "PATTERN_FIELDS",
    "Attachment",
    "Dossier",
    "DossierAccess",
    "DossierType",
    "FlowVersion",
    "Register",
    "RegisterEntry",
    "check_pattern",
    "grant",
    "principals_of",
    "take_number",
    "void_number",
]
