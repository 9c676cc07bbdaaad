"""Where a return may go: the submitter, or a step that has run before."""

from __future__ import annotations

from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from workflows.steps.api import REWORK, Outcome, StepSpec, step_id_of, steps

from .errors import InvalidActError

REWORK_ID = step_id_of(REWORK)


def goals_of(task: Task, outcome: Outcome) -> list[StepSpec]:
    """Return the steps that an outcome of an open task may go back to, the submitter first; at most one query."""
    if not outcome.targets:
        return []
    definition = task.flow_task.flow_class.definition
    by_id = definition.steps_by_id
    own = task.flow_task.spec.id
    run = _steps_that_ran(task) if set(outcome.targets) - {REWORK_ID} else set()
    allowed = [step for step in by_id if step in outcome.targets or "*" in outcome.targets]
    found = [by_id[step] for step in allowed if step in run and step != own and _is_place(by_id[step])]
    return ([by_id[REWORK_ID]] if REWORK_ID in outcome.targets else []) + found


def goal_of(task: Task, outcome: Outcome, wanted: str) -> str:
    """Return the step that a decision goes back to; empty for an outcome that goes on.

    Raises `InvalidActError` for a step that the outcome may not go back to, or that has not run.
    """
    if not outcome.targets:
        return ""
    if wanted in ("", REWORK_ID) and REWORK_ID in outcome.targets:
        return REWORK_ID
    found = [spec.id for spec in goals_of(task, outcome)]
    if wanted in found:
        return wanted
    if not wanted and len(found) == 1:
        return found[0]
    raise InvalidActError(_("Choose the step that the dossier goes back to."), "to")


def _is_place(spec: StepSpec) -> bool:
    """Tell whether a dossier can be sent to a step: people act there, or a block begins there."""
    kind = steps.get(spec.kind)
    return (kind.human and not kind.generated) or kind.parallel


def _steps_that_ran(task: Task) -> set[str]:
    """Return the ids of the steps that this process has been through."""
    done = Task.objects.filter(process=task.process_id, status=STATUS.DONE)
    nodes = done.annotate(node=Cast("flow_task", CharField())).order_by().values_list("node", flat=True)
    return {step_id_of(node.rsplit(".", 1)[1]) for node in nodes}
