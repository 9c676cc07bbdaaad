"""People who are asked in a parallel block beside those whom its branches name.

Somebody who is added while the block runs gets a branch of their own, with the steps of one that is there already. In
it they act themselves, instead of those whom these steps name.
"""

from __future__ import annotations

from .registry import steps
from .rounds import item_here
from .situation import Situation
from .spec import HumanSpec, StepSpec
from .who import Rule

#: Rules that find the same people for everybody: they speak of the dossier, not of whom a branch asks.
_OF_DOSSIER = ("submitter", "done_by")


def rule_of(spec: HumanSpec, at: Situation) -> Rule:
    """Return the rule that says who does a step here: as defined, or whoever was added to the block around it."""
    if at.process is None or spec.who.code in _OF_DOSSIER:
        return spec.who
    flow = at.process.flow_class
    around = flow.paths.get(spec.id, ())
    if not around or flow.definition.steps_by_id[around[-1][0]].kind != "parallel":
        return spec.who
    if not item_here(at.process, at.token):
        return spec.who
    from .rules.dossiers import OfItem

    return OfItem(item="anyone" if spec.who.code == "pool" else "head")


def branch_to_follow(spec: StepSpec) -> int:
    """Return the number of the branch whose steps somebody who is added does too; 0 when there is none.

    It is the last one that people carry out without blocks inside it: blocks ask others by name.
    """
    kind = steps.get(spec.kind)
    for number, branch in reversed(list(enumerate(kind.branches(spec), 1))):
        kinds = [steps.get(step.kind) for step in branch.steps]
        if any(one.human for one in kinds) and not any(one.parallel for one in kinds):
            return number
    return 0
