"""The acts: one function for each change of state, each in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import STATUS

from home.forms.api import StoredFile, file_ids, hold_files, localized
from home.people.api import User
from plugins.api.api import PreparedInsert
from workflows.dossiers.api import Attachment, Dossier, stand_in_role
from workflows.steps.api import (
    START,
    SUPPLEMENT,
    Deed,
    HumanSpec,
    Outcome,
    RefusedError,
    Turn,
    keep_task,
    remember_way_back,
    step_id_of,
    steps,
)

from . import compiled
from .clock import close_pause, end_pause
from .closing import cancel_process
from .drafts import forget_draft
from .errors import InvalidActError, faults_of_flow
from .goals import goal_of
from .guards import (
    check_actor,
    check_open,
    check_running,
    clean_note,
    clean_reason,
    conflict,
    lender_of,
    locked,
    locked_dossier,
    refusal,
)
from .lock import exclusive
from .models import DossierProcess
from .recalling import undo_of
from .standing_in import matter_of, principal_for
from .turns import turn_of

SUPPLEMENT_ID = step_id_of(SUPPLEMENT)


def start(dossier: Dossier, turn: Turn) -> DossierProcess:
    """Put a new dossier on the flow of its version. Called by `open_dossier` inside its turn."""
    node = getattr(compiled, dossier.version.class_name).instance.node(START)
    activation = node.activation_class.create(node, None, None)
    process = activation.process
    process.dossier, process.version = dossier, dossier.version
    _store(process)
    with faults_of_flow():
        activation.complete()
        activation.activate_next()
    return process


_new_process = PreparedInsert(Process)
_new_link = PreparedInsert(DossierProcess)


def _store(process: DossierProcess) -> None:
    """Store a new process: the row of viewflow, and the link to the dossier."""
    _new_process.one(process)
    process.process_ptr_id = process.id
    _new_link.one(process)


def claim(task_id: int, *, by: User) -> Task:
    """Take a task out of its pool, or out of that of somebody for whom `by` stands in: then it becomes theirs.

    Raises `ConflictError` when somebody has it, `NotVisibleError` for outsiders, `InvalidActError` for the submitter.
    """
    with exclusive():
        task, dossier = locked(task_id, by)
        if task.status != STATUS.NEW:
            raise conflict(task, dossier)
        lender = lender_of(task, dossier, by)
        with turn_of(dossier, by=by, on_behalf_of=check_actor(task, dossier, by)) as turn:
            _take(task, turn)
            keep_task(task)
            turn.keep_state()
            if lender is not None:
                turn.principals.add(stand_in_role(lender.pk))
            turn.log("task.claimed", task=task.pk, step=task.flow_task.spec.id)
    return task


def _take(task: Task, turn: Turn) -> None:
    """Make a task of a pool that of who acts, or of the person for whom they stand in."""
    task.owner, task.status, task.assigned = turn.on_behalf_of or turn.by, STATUS.ASSIGNED, turn.at
    turn.principals.add(f"user:{task.owner_id}")


def release(task_id: int, *, by: User) -> Task:
    """Give a claimed task back to its pool. Only who has it may, or their stand-in."""
    with exclusive():
        task, dossier = locked(task_id, by)
        if task.status != STATUS.ASSIGNED or task.owner is None:
            raise conflict(task, dossier)
        mine = task.owner_id == by.pk
        principal = None if mine else principal_for(by, task.owner, matter_of(task))
        if not mine and principal is None:
            raise conflict(task, dossier)
        if not task.owner_permission:
            raise InvalidActError(_("This task was given to you by name; there is no pool to return it to."))
        with turn_of(dossier, by=by, on_behalf_of=principal) as turn:
            task.owner, task.status, task.assigned = None, STATUS.NEW, None
            keep_task(task)
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
    to: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Dossier:
    """End a human step with one of its outcomes and let the flow go on.

    `answers` are those of the step's own questions, as `Form.answers()` gives them; `extra` what the kind of step asks
    beside them (`Step.ask`). `files` are ids of uploads of `by` that go with the decision; those of anybody else are
    left alone. `to` is the step that a return goes to (`rework`, the submitter, unless said). A task in a pool is
    claimed by the same act.
    Raises `NotVisibleError`, `ConflictError`, `InvalidActError`, `FaultError` or `BusyError`; then nothing has changed.
    """
    with exclusive():
        task, dossier = locked(task_id, by)
        if task.status not in (STATUS.NEW, STATUS.ASSIGNED):
            raise conflict(task, dossier)
        on_behalf_of = check_actor(task, dossier, by)
        spec: HumanSpec = task.flow_task.spec
        if spec.id != SUPPLEMENT_ID:
            check_running(dossier)
        note = clean_note(note)
        chosen = _outcome(spec, outcome, note)
        goal = goal_of(task, chosen, to)
        with turn_of(dossier, by=by, on_behalf_of=on_behalf_of) as turn:
            turn.note = note
            if task.owner_id is None:
                _take(task, turn)
            changed = _take_answers(task, dossier, spec, by, answers)
            attached = _attach(dossier, spec, by, files)
            _take_extra(task, turn, spec, chosen, extra)
            turn.log(
                "task.decided",
                task=task.pk,
                step=spec.id,
                outcome=chosen.code,
                note=turn.note,
                to=goal,
                changed=changed,
                files=attached,
            )
            if task.has_drafts:
                forget_draft(task, by)
            complete(task, turn, outcome=chosen, changed=changed, to=goal)
            if spec.id == SUPPLEMENT_ID:
                end_pause(turn)
    return dossier


def withdraw(dossier_id: int, *, by: User, reason: str) -> Dossier:
    """End a dossier at its submitter's wish, before the final decision. A reason is mandatory."""
    with exclusive():
        process = locked_dossier(dossier_id)
        dossier = process.dossier
        if dossier.submitter_id != by.pk or not by.is_active:
            raise refusal(dossier, by)
        check_open(dossier)
        reason = clean_reason(reason, _("State why you withdraw the dossier."))
        with turn_of(dossier, by=by) as turn:
            turn.note = reason
            turn.closing = "withdrawn"
            turn.state = Dossier.State.WITHDRAWN
            turn.log("dossier.withdrawn", note=turn.note)
            close_pause(turn)
            cancel_process(process)
    return dossier


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


def _take_extra(
    task: Task, turn: Turn, spec: HumanSpec, outcome: Outcome, extra: Mapping[str, Any] | None
) -> None:
    try:
        steps.get(spec.kind).take(spec, Deed(task, turn, outcome, extra or {}))
    except RefusedError as refusal:
        raise InvalidActError(refusal.message, refusal.field) from refusal


def complete(task: Task, turn: Turn, *, outcome: Outcome, changed: Sequence[str] = (), to: str = "") -> None:
    """End an open task with an outcome and let the flow go on, within `turn`. Raises `FaultError`."""
    task.status = STATUS.ASSIGNED
    task.data |= {"outcome": outcome.code, "note": turn.note, "changed": list(changed)}
    # What a recall compares: as long as the dossier still has this revision, nothing later has happened.
    task.data["revision"] = turn.dossier.revision + 1
    if turn.on_behalf_of is not None and turn.by is not None:
        task.data["by"] = turn.by.pk
    activation = task.flow_task.activation_class(task)
    if task.flow_task.spec.recall:
        task.data["undo"] = undo_of(activation.process, turn)
    if to:
        task.data["to"] = to
        turn.closing = turn.closing or "returned"
        if getattr(task.flow_task.spec, "after_return", "") == "back":
            remember_way_back(activation, to)
    elif outcome.vote is False:
        turn.closing = turn.closing or "rejected"
    turn.decided.append(task)
    activation.start(None)
    with faults_of_flow():
        activation.execute()
