"""What people have typed for a task and not sent yet; it outlives the task."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from home.people.api import User
from workflows.dossiers.api import Dossier, principals_of

from .errors import InvalidActError, NotVisibleError
from .guards import clean_note, stands_in
from .models import Draft

#: As long as the column; codes of outcomes are far shorter.
MAX_OUTCOME = 60


def save_draft(task_id: int, *, by: User, outcome: str, note: str) -> Draft | None:
    """Keep what `by` has typed for a task, over what they kept before; an empty one is forgotten (None).

    A task that was closed meanwhile keeps the draft all the same: nothing typed is ever lost. Raises
    `NotVisibleError` and `InvalidActError` (too long).
    """
    task = _visible(task_id, by)
    note = clean_note(note)
    if len(outcome) > MAX_OUTCOME:
        raise InvalidActError(_("Choose one of the decisions."), "outcome")
    if not (outcome or note):
        forget_draft(task, by)
        return None
    values = {"outcome": outcome, "note": note, "saved_at": timezone.now()}
    draft, _created = Draft.objects.update_or_create(task=task, by=by, defaults=values)
    return draft


def draft_of(task_id: int, by: User) -> Draft | None:
    """Return what `by` kept for a task, also when it has been closed; nobody reads the drafts of others."""
    return Draft.objects.filter(task=task_id, by=by).first()


def forget_draft(task: Task, by: User) -> None:
    """Delete what `by` kept for a task: it has been sent."""
    Draft.objects.filter(task=task, by=by).delete()


def _visible(task_id: int, by: User) -> Task:
    task = Task.objects.filter(pk=task_id, flow_task_type="HUMAN").defer("flow_task", "data").first()
    if task is None or not by.is_active:
        raise NotVisibleError
    is_asked = task.owner_id == by.pk or task.owner_permission in principals_of(by)
    seen = Dossier.objects.visible_to(by).filter(processes=task.process_id)
    if not is_asked and not seen.exists() and not stands_in(task, by):
        raise NotVisibleError
    return task
