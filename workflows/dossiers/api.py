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
    Paper,
    PaperTemplate,
    PaperTemplateVersion,
    Pause,
    Register,
    RegisterEntry,
    SubDossier,
)
from .numbers import PATTERN_FIELDS, check_pattern, take_number, void_number
from .paper_names import DECISION, FILE_NAMES, MOMENT, file_name, unknown_places
from .paper_templates import EXTENSIONS, Checked, check_template, content_of, save_template
from .press.run import PressError, press

__all__ = [
    "DECISION",
    "DISPATCH",
    "EXTENSIONS",
    "FILE_NAMES",
    "MOMENT",
    "PATTERN_FIELDS",
    "Attachment",
    "Checked",
    "Dossier",
    "DossierAccess",
    "DossierType",
    "Errand",
    "ErrandKind",
    "FlowVersion",
    "Instruction",
    "InstructionParty",
    "Paper",
    "PaperTemplate",
    "PaperTemplateVersion",
    "Pause",
    "PressError",
    "Register",
    "RegisterEntry",
    "SubDossier",
    "check_pattern",
    "check_template",
    "content_of",
    "errand_kinds",
    "file_name",
    "grant",
    "own_names_of",
    "press",
    "principals_of",
    "save_template",
    "stand_in_role",
    "take_number",
    "unknown_places",
    "void_number",
]
