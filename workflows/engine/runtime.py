"""The acts: one function for each change of state, each in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import PROCESS, STATUS

from home.forms.api import ConditionError, StoredFile, clean_text, file_ids, hold_files, localized
from home.people.api import User
from workflows.dossiers.api import Attachment, Dossier, principals_of
from workflows.steps.api import START, HumanSpec, Outcome, Turn, steps

from . import compiled
from .errors import ConflictError, FaultError, InvalidActError, NotVisibleError
from .lock import exclusive, lock_process
from .models import DossierProcess
from .turns import turn_of

#: A note is an opinion, not a document.
MAX_NOTE = 5_000


def start(dossier: Dossier, turn: Turn) -> DossierProcess:
    """Put a new dossier on the flow of its version. Called by `open_dossier` inside its turn."""
    node = getattr(compiled, dossier.version.class_name).instance.node(START)
    activation = node.activation_class.create(node, None, None)
    process = activation.process
    process.dossier, process.version = dossier, dossier.version
    process.save()
    try:
        activation.complete()
        activation.activate_next()
    except ConditionError as error:
        raise FaultError(str(error)) from error
    return process


def claim(task_id: int, *, by: User) -> Task:
    """Take a task out of its pool. Raises `ConflictError` when somebody has it, `NotVisibleError` for outsiders."""
    with exclusive():
        task, dossier = _locked(task_id, by)
        if task.status != STATUS.NEW:
            raise _conflict(task, dossier)
        _check_role(task, dossier, by)
        _check_not_own(task, dossier, by)
        with turn_of(dossier, by=by) as turn:
            task.owner, task.status, task.assigned = by, STATUS.ASSIGNED, turn.at
            task.save(update_fields=["owner", "status", "assigned"])
            turn.keep_state()
            turn.principals.add(f"user:{by.pk}")
            turn.log("task.claimed", task=task.pk, step=task.flow_task.spec.id)
    return task


def release(task_id: int, *, by: User) -> Task:
    """Give a claimed task back to its pool. Only who claimed it may."""
    with exclusive():
        task, dossier = _locked(task_id, by)
        if task.status != STATUS.ASSIGNED or task.owner_id != by.pk:
            raise _conflict(task, dossier)
        if not task.owner_permission:
            raise InvalidActError(_("This task was given to you by name; there is no pool to return it to."))
        with turn_of(dossier, by=by) as turn:
            task.owner, task.status, task.assigned = None, STATUS.NEW, None
            task.save(update_fields=["owner", "status", "assigned"])
            turn.keep_state()
            turn.log("task.released", task=task.pk, step=task.flow_task.spec.id)
    return task


def decide(
    task_id: int,
    *,
    by: User,
    outcome: str,
    note: str = "",
    answers: dict[str, Any] | None = None,
    files: Sequence[str] = (),
) -> Dossier:
    """End a human step with one of its outcomes and let the flow go on.

    `answers` are those of the step's own questions, as `Form.answers()` gives them. `files` are ids of uploads of
    `by` that go with the decision; those of anybody else are left alone. A task in a pool is claimed by the same act.
    Raises `NotVisibleError`, `ConflictError`, `InvalidActError`, `FaultError` or `BusyError`; then nothing has changed.
    """
    with exclusive():
        task, dossier = _locked(task_id, by)
        if task.status not in (STATUS.NEW, STATUS.ASSIGNED):
            raise _conflict(task, dossier)
        _check_actor(task, dossier, by)
        spec: HumanSpec = task.flow_task.spec
        note = _clean_note(note)
        chosen = _outcome(spec, outcome, note)
        with turn_of(dossier, by=by) as turn:
            turn.note = note
            changed = _take_answers(task, dossier, spec, by, answers)
            attached = _attach(dossier, spec, by, files)
            turn.log(
                "task.decided",
                task=task.pk,
                step=spec.id,
                outcome=chosen.code,
                note=turn.note,
                changed=changed,
                files=attached,
            )
            _complete(task, turn, outcome=chosen.code, changed=changed)
    return dossier


def withdraw(dossier_id: int, *, by: User, reason: str) -> Dossier:
    """End a dossier at its submitter's wish, before the final decision. A reason is mandatory."""
    with exclusive():
        lock_process(Process.objects.filter(dossierprocess__dossier=dossier_id).order_by("-pk"))
        process = (
            DossierProcess.objects.filter(dossier=dossier_id)
            .select_related("dossier__submitter")
            .order_by("-pk")
            .get()
        )
        dossier = process.dossier
        if dossier.submitter_id != by.pk or not by.is_active:
            raise _refusal(dossier, by)
        if not dossier.is_open:
            raise ConflictError("closed", dossier.pk, at=dossier.closed_at, outcome=dossier.state)
        reason = _clean_note(reason)
        if not reason:
            raise InvalidActError(_("State why you withdraw the dossier."), "note")
        with turn_of(dossier, by=by) as turn:
            turn.note = reason
            turn.state = Dossier.State.WITHDRAWN
            turn.log("dossier.withdrawn", note=turn.note)
            _cancel_process(process)
    return dossier


def _cancel_process(process: DossierProcess) -> None:
    open_tasks = process.task_set.filter(finished__isnull=True).select_related("owner")
    for task in open_tasks:
        task.process = process
        task.flow_task.activation_class(task).cancel()
    process.status, process.finished = PROCESS.CANCELED, timezone.now()
    process.save(update_fields=["status", "finished"])


def _locked(task_id: int, by: User) -> tuple[Task, Dossier]:
    """Lock and return a task as it is now, if `by` may know of it."""
    task, dossier = locked_task(task_id)
    # The pool of a task sees its dossier; no query is needed to know that.
    is_asked = task.owner_id == by.pk or task.owner_permission in principals_of(by)
    if not is_asked and not may_see(dossier, by):
        raise NotVisibleError
    return task, dossier


def locked_task(task_id: int) -> tuple[Task, Dossier]:
    """Lock the process of a task and return the task as it is now. Raises `NotVisibleError` when there is none."""
    lock_process(Process.objects.filter(task=task_id))
    task = (
        Task.objects.select_related(
            "process__dossierprocess__dossier__submitter",
            "process__dossierprocess__dossier__version",
            "owner",
        )
        .defer("process__dossierprocess__dossier__version__definition")
        .filter(pk=task_id, flow_task_type="HUMAN")
        .first()
    )
    if task is None or task.process.flow_class is None:
        raise NotVisibleError
    return task, task.process.dossierprocess.dossier


def may_see(dossier: Dossier, user: User) -> bool:
    """Return whether `user` may see this one dossier: the same rule as `Dossier.objects.visible_to`."""
    return Dossier.objects.visible_to(user).filter(pk=dossier.pk).exists()


def _check_actor(task: Task, dossier: Dossier, by: User) -> None:
    """Let the owner act, as long as the role that they claimed by is theirs; or a member of the pool."""
    if not by.is_active:
        raise NotVisibleError
    if task.owner_id is not None and task.owner_id != by.pk:
        raise ConflictError("claimed", dossier.pk, by=task.owner, at=task.assigned)
    _check_role(task, dossier, by)
    _check_not_own(task, dossier, by)


def _check_role(task: Task, dossier: Dossier, by: User) -> None:
    if task.owner_permission and task.owner_permission not in principals_of(by):
        raise ConflictError("not_yours", dossier.pk)


def _check_not_own(task: Task, dossier: Dossier, by: User) -> None:
    if task.flow_task.not_submitter and dossier.submitter_id == by.pk:
        raise InvalidActError(_("Nobody decides on their own dossier. Leave it to a colleague."))


def _conflict(task: Task, dossier: Dossier) -> ConflictError:
    if task.status == STATUS.DONE:
        return ConflictError("decided", dossier.pk, task.owner, task.finished, task.data.get("outcome", ""))
    if task.status == STATUS.ASSIGNED:
        return ConflictError("claimed", dossier.pk, task.owner, task.assigned)
    return ConflictError("closed", dossier.pk, at=task.finished)


def _refusal(dossier: Dossier, by: User) -> NotVisibleError | ConflictError:
    return ConflictError("not_yours", dossier.pk) if may_see(dossier, by) else NotVisibleError()


def _attach(dossier: Dossier, spec: HumanSpec, by: User, files: Sequence[str]) -> list[str]:
    """Put files into the dossier and return their names."""
    if not files:
        return []
    drafts = list(StoredFile.objects.filter(pk__in=files, holder_kind="", uploaded_by=by))
    hold_files([file.pk for file in drafts], holder_kind="dossier", holder_id=dossier.pk, by=by)
    Attachment.objects.bulk_create(
        [Attachment(dossier=dossier, file=file, step=spec.id, added_by=by) for file in drafts]
    )
    return [file.name for file in drafts]


def _clean_note(note: str) -> str:
    """Return a note or reason without invisible marks, in NFC. Raises `InvalidActError` when it is too long."""
    if len(note) > MAX_NOTE:
        message = _("The note is longer than %(limit)s characters.") % {"limit": MAX_NOTE}
        raise InvalidActError(message, "note")
    return clean_text(note, lines=True)


def _outcome(spec: HumanSpec, code: str, note: str) -> Outcome:
    known = {outcome.code: outcome for outcome in steps.get(spec.kind).outcomes(spec)}
    if code not in known:
        raise InvalidActError(_("Choose one of the decisions."), "outcome")
    if known[code].note_required and not note:
        raise InvalidActError(_("Give a reason, so that the others know what to do."), "note")
    return known[code]


def _take_answers(
    task: Task, dossier: Dossier, spec: HumanSpec, by: User, answers: dict[str, Any] | None
) -> list[str]:
    """Put the step's answers into the dossier and return the keys that changed."""
    definition = task.flow_task.flow_class.definition
    form = definition.form_of(spec)
    if form is None:
        return []
    if answers is None:
        raise InvalidActError(_("Fill in the questions of this step."))
    keys = set(form.keys())
    given = {key: value for key, value in answers.items() if key in keys}
    hold_files(file_ids(form, given), holder_kind="dossier", holder_id=dossier.pk, by=by)
    changed = sorted(key for key in keys if dossier.answers.get(key) != given.get(key))
    dossier.answers = {key: value for key, value in dossier.answers.items() if key not in keys} | given
    dossier.subject = subject_of(definition, dossier.answers)
    return changed


def subject_of(definition: Any, answers: dict[str, Any]) -> str:
    """Return what lists show for a dossier: the answer that the definition names, else the type's title."""
    text = str(answers.get(definition.subject) or "").strip()
    return (text or localized(definition.title))[:300]


def _complete(task: Task, turn: Turn, *, outcome: str, changed: list[str]) -> None:
    if task.owner_id is None:
        task.owner, task.assigned = turn.by, turn.at
        task.status = STATUS.ASSIGNED
        turn.principals.add(f"user:{task.owner_id}")
    task.data |= {"outcome": outcome, "note": turn.note, "changed": changed}
    turn.decided.append(task)
    activation = task.flow_task.activation_class(task)
    activation.start(None)
    try:
        activation.execute()
    except ConditionError as error:
        raise FaultError(str(error)) from error
