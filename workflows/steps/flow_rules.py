"""The built-in assignment rules, in the order in which they are named."""

from .rules.dossiers import DoneBy, HeadOfAnswer, OfAnswer, OfInstruction, OfItem, Submitter
from .rules.posts import DeputyOf, HeadOf, HolderOfPosition, NamedUser, Pool
from .rules.shares import LeastLoaded, RoundRobin
from .who import rules

for _rule in (
    NamedUser,
    HolderOfPosition,
    HeadOf,
    DeputyOf,
    Submitter,
    OfItem,
    Pool,
    DoneBy,
    OfAnswer,
    HeadOfAnswer,
    OfInstruction,
    RoundRobin,
    LeastLoaded,
):
    rules.register(_rule)
