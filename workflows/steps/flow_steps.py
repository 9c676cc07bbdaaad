"""The built-in step kinds, in the order in which they are offered."""

from .kinds.approve import Approve
from .kinds.choice import Choice
from .kinds.data_entry import DataEntry
from .kinds.notify import Notify
from .kinds.parallel import Parallel
from .kinds.review import Review
from .kinds.rework import Rework
from .registry import steps

for _kind in (Approve, Review, DataEntry, Parallel, Choice, Notify, Rework):
    steps.register(_kind())
