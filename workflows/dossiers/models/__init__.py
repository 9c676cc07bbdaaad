"""The tables of this room."""

from .dossier import Attachment, Dossier, DossierAccess
from .errands import Errand
from .instructions import Instruction, InstructionParty
from .links import SubDossier
from .papers import Paper, PaperTemplate, PaperTemplateVersion
from .pauses import Pause
from .registers import Register, RegisterEntry
from .types import DossierType, FlowVersion

__all__ = [
    "Attachment",
    "Dossier",
    "DossierAccess",
    "DossierType",
    "Errand",
    "FlowVersion",
    "Instruction",
    "InstructionParty",
    "Paper",
    "PaperTemplate",
    "PaperTemplateVersion",
    "Pause",
    "Register",
    "RegisterEntry",
    "SubDossier",
]
