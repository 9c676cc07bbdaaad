"""The front door of this room: import from here, never from the modules behind it."""

from .errands import ErrandKind, errand_kinds
from .gate import DISPATCH, grant, own_names_of, principals_of, stand_in_role
from .models import (
    Attachment,
    Dossier,
    DossierAccess,
    DossierType,
    Errand,
    FlowVersion,
    Instruction,
    InstructionParty,
    Pause,
    Register,
    RegisterEntry,
    SubDossier,
)
from .numbers import PATTERN_FIELDS, check_pattern, register_name, take_number, void_number
from .rehearsals import Rehearsal, current_rehearsal, rehearsing

__all__ = [
    "DISPATCH",
    "PATTERN_FIELDS",
    "Attachment",
    "Dossier",
    "DossierAccess",
    "DossierType",
    "Errand",
    "ErrandKind",
    "FlowVersion",
    "Instruction",
    "InstructionParty",
    "Pause",
    "Register",
    "RegisterEntry",
    "Rehearsal",
    "SubDossier",
    "check_pattern",
    "current_rehearsal",
    "errand_kinds",
    "grant",
    "own_names_of",
    "principals_of",
    "register_name",
    "rehearsing",
    "stand_in_role",
    "take_number",
    "void_number",
]
