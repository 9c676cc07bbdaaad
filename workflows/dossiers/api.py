"""The front door of this room: import from here, never from the modules behind it."""

from .due import DueOrNever
from .errands import ErrandKind, errand_kinds
from .gate import DISPATCH, FEW, DossierQuerySet, grant, own_names_of, principals_of, reach_of, stand_in_role
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
from .numbers import PATTERN_FIELDS, check_pattern, take_number, void_number

__all__ = [
    "DISPATCH",
    "FEW",
    "PATTERN_FIELDS",
    "Attachment",
    "Dossier",
    "DossierAccess",
    "DossierQuerySet",
    "DossierType",
    "DueOrNever",
    "Errand",
    "ErrandKind",
    "FlowVersion",
    "Instruction",
    "InstructionParty",
    "Pause",
    "Register",
    "RegisterEntry",
    "SubDossier",
    "check_pattern",
    "errand_kinds",
    "grant",
    "own_names_of",
    "principals_of",
    "reach_of",
    "stand_in_role",
    "take_number",
    "void_number",
]
