"""The tables of this room."""

from .changes import AnswerChange
from .dossier import Attachment, Dossier, DossierAccess
from .errands import Errand
from .follows import Follow
from .instructions import Instruction, InstructionParty
from .links import SubDossier
from .papers import Paper, PaperTemplate, PaperTemplateVersion
from .pauses import Pause
from .registers import Register, RegisterEntry
from .remarks import Mention, Remark
from .types import DossierType, FlowVersion
from .visits import Visit

__all__ = [
    "AnswerChange",
    "Attachment",
    "Dossier",
    "DossierAccess",
    "DossierType",
    "Errand",
    "FlowVersion",
    "Follow",
    "Instruction",
    "InstructionParty",
    "Mention",
    "Paper",
    "PaperTemplate",
    "PaperTemplateVersion",
    "Pause",
    "Register",
    "RegisterEntry",
    "Remark",
    "SubDossier",
    "Visit",
]
