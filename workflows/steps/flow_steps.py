"""The built-in step kinds, in the order in which they are offered."""

from .kinds.acknowledge import Acknowledge
from .kinds.approve import Approve
from .kinds.assign import Assign
from .kinds.choice import Choice
from .kinds.data_entry import DataEntry
from .kinds.each import Each
from .kinds.notify import Notify
from .kinds.number import Number
from .kinds.paper import PaperStep
from .kinds.parallel import Parallel
from .kinds.review import Review
from .kinds.rework import Rework, Supplement
from .kinds.set_value import SetValue
from .kinds.sign import Sign
from .kinds.sub_dossier import SubDossierStep
from .kinds.wait import WaitStep
from .kinds.webhook import Webhook
from .registry import steps

for _kind in (Approve, Sign, Review, Acknowledge, Assign, DataEntry):
    steps.register(_kind())
for _block in (Parallel, Each, Choice):
    steps.register(_block())
for _service in (SetValue, Number, PaperStep, Notify, WaitStep, SubDossierStep, Webhook, Rework, Supplement):
    steps.register(_service())
