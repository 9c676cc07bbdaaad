"""The front door of this room: import from here, never from the modules behind it."""

from .errands import ErrandKind, errand_kinds
from .following import follow, followed_by, followers_of, follows, unfollow
from .gate import DISPATCH, grant, own_names_of, principals_of, readers_of, stand_in_role
from .models import (
    Attachment,
    Dossier,
    DossierAccess,
    DossierType,
    Errand,
    FlowVersion,
    Follow,
    Instruction,
    InstructionParty,
    Mention,
    Pause,
    Register,
    RegisterEntry,
    Remark,
    SubDossier,
    Visit,
)
from .numbers import PATTERN_FIELDS, check_pattern, take_number, void_number
from .remark_gate import remark_readers

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
    "Follow",
    "Instruction",
    "InstructionParty",
    "Mention",
    "Pause",
    "Register",
    "RegisterEntry",
    "Remark",
    "SubDossier",
    "Visit",
    "check_pattern",
    "errand_kinds",
    "follow",
    "followed_by",
    "followers_of",
    "follows",
    "grant",
    "own_names_of",
    "principals_of",
    "readers_of",
    "remark_readers",
    "stand_in_role",
    "take_number",
    "unfollow",
    "void_number",
]
