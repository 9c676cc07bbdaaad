"""Going back to an earlier step, from wherever the dossier stands.

viewflow has edges forward only, and inside a parallel block a way has a token of its own. A leap therefore cuts the
token down to the blocks that both places share, closes everything that is still open inside the others, and enters the
target: itself, or the outermost block around it, which begins anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from viewflow.workflow.activation import Activation
from viewflow.workflow.token import Token

from .graph import node_name
from .rounds import forget_votes, in_branch
from .storing import keep_data


def leap(activation: Activation, target: str) -> Activation:
    """Create and return the activation of the step `target`; what it leaves behind is closed."""
    flow = activation.flow_class
    here, there = flow.paths[activation.flow_task.spec.id], flow.paths[target]
    shared = here[: _shared(here, there)]
    token = in_branch(activation.task.token.token, shared)
    _close_inside(activation, token)
    forget_votes(activation.process, token)
    entry = target if len(there) == len(shared) else there[len(shared)][0]
    return flow.instance.node(node_name(entry))._create(activation, Token(token))


def _shared(here: Sequence[object], there: Sequence[object]) -> int:
    """Return how many branches two places lie in together."""
    pairs = zip(here, there, strict=False)
    return next(
        (depth for depth, (one, other) in enumerate(pairs) if one != other), min(len(here), len(there))
    )


def _close_inside(activation: Activation, token: str) -> None:
    """Close the open tasks of the blocks that lie below a token, and the joins that wait there."""
    process = activation.process
    unfinished = process.task_set.filter(finished__isnull=True).exclude(pk=activation.task.pk)
    for task in unfinished.select_related("owner"):
        inside = task.token.token.startswith(f"{token}/")
        if inside or (task.token.token == token and task.flow_task_type == "JOIN"):
            task.process = process
            task.flow_task.activation_class(task).cancel()


def remember_way_back(activation: Activation, target: str) -> None:
    """Note that `target`, once it is done, leads straight back to this step: what lies between is not run again.

    It is kept under the token that both places share: the same steps may run for several units at once.
    """
    flow, step = activation.flow_class, activation.flow_task.spec.id
    here, there = flow.paths[step], flow.paths[target]
    token = in_branch(activation.task.token.token, here[: _shared(here, there)])
    activation.process.data.setdefault("back", {}).setdefault(token, {})[target] = step
    keep_data(activation.process)


def take_way_back(activation: Activation) -> str:
    """Return the step that this one leads straight back to, if any, and forget it."""
    back: dict[str, dict[str, str]] = activation.process.data.get("back", {})
    spec, here = activation.flow_task.spec, activation.task.token.token
    around = [token for token in back if f"{here}/".startswith(f"{token}/") and spec.id in back[token]]
    if not around or activation.flow_task.votes.get(activation.task.data["outcome"]) is False:
        return ""
    step = back[max(around, key=len)].pop(spec.id)
    keep_data(activation.process)
    return step if step in activation.flow_class.paths else ""
