"""The clock stands still: a supplement is asked for, or a dossier is put on hold; and how it goes on."""

from __future__ import annotations

from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from home.people.api import User, delegations_to
from workflows.dossiers.api import Dossier, Pause
from workflows.steps.api import REWORK, SUPPLEMENT, Turn, step_id_of

from .clock import begin_pause, end_pause
from .errors import InvalidActError
from .guards import check_actor, check_open, clean_note, clean_reason, conflict, leads, locked, locked_dossier
from .guards import refusal as refused
from .lock import exclusive
from .models import DossierProcess
from .task_lists import human_tasks, step_of
from .turns import turn_of

#: Steps at which the submitter acts; nobody but the office stops the clock.
_SUBMITTERS = (step_id_of(REWORK), step_id_of(SUPPLEMENT))


def request_supplement(task_id: int, *, by: User, reason: str, step_note: str = "") -> Dossier:
    """Ask the submitter for more, from an open task that stays open: the clock stands still until it is handed in.

    `reason` says what is missing; `step_note` is a remark for colleagues, kept in the timeline alone.
    Raises `NotVisibleError`, `ConflictError`, `InvalidActError` or `BusyError`.
    """
    with exclusive():
        task, dossier = locked(task_id, by)
        if task.status not in (STATUS.NEW, STATUS.ASSIGNED):
            raise conflict(task, dossier)
        on_behalf_of = check_actor(task, dossier, by)
        _check_clock_runs(dossier)
        if task.flow_task.spec.id in _SUBMITTERS:
            raise InvalidActError(_("The dossier is with the submitter already."))
        reason = clean_reason(reason, _("Say what is missing, so that the submitter can hand it in."))
        remark = clean_note(step_note)
        step = task.flow_task.spec.id
        with turn_of(dossier, by=by, on_behalf_of=on_behalf_of) as turn:
            turn.note = reason
            begin_pause(turn, kind=Pause.Kind.SUPPLEMENT, reason=reason, step=step)
            turn.log("dossier.supplement", task=task.pk, step=step, note=reason, remark=remark)
            asking = task.flow_task.activation_class(task)
            node = task.flow_task.flow_class.instance.node(SUPPLEMENT)
            asking._activate_next({node._create(asking, task.token)})
    return dossier


def hold(dossier_id: int, *, by: User, reason: str) -> Dossier:
    """Put a dossier on hold: nobody decides and the clock stands still until it is resumed.

    Whoever has an open task of it may, the head of its department, and the dispatchers. Raises `NotVisibleError`,
    `ConflictError`, `InvalidActError` or `BusyError`.
    """
    with exclusive():
        process = locked_dossier(dossier_id)
        dossier = process.dossier
        if not _answers_for(dossier, by):
            raise refused(dossier, by)
        check_open(dossier)
        _check_clock_runs(dossier)
        reason = clean_reason(reason, _("State why the dossier is put on hold."))
        with turn_of(dossier, by=by, on_behalf_of=_absent(dossier, by)) as turn:
            turn.note = reason
            turn.principals.add(f"user:{by.pk}")
            begin_pause(turn, kind=Pause.Kind.HOLD, reason=reason, step=", ".join(dossier.open_steps)[:60])
            turn.log("dossier.held", note=reason)
            _tell(turn, process, "dossier.held")
    return dossier


def resume(dossier_id: int, *, by: User, reason: str = "") -> Dossier:
    """Let a dossier on hold go on, or go on without the supplement that was asked for.

    Due dates move by the working time of the pause. Raises `NotVisibleError`, `ConflictError`, `InvalidActError` or
    `BusyError`.
    """
    with exclusive():
        process = locked_dossier(dossier_id)
        dossier = process.dossier
        if not _may_end_pause(dossier, by):
            raise refused(dossier, by)
        check_open(dossier)
        if not dossier.is_paused:
            raise InvalidActError(_("The dossier is not on hold: its clock runs."))
        note = clean_note(reason)
        with turn_of(dossier, by=by, on_behalf_of=_absent(dossier, by)) as turn:
            turn.note = note
            turn.principals.add(f"user:{by.pk}")
            waived = _close_supplement(turn, process)
            end_pause(turn)
            turn.log("dossier.waived" if waived else "dossier.resumed", note=note)
    return dossier


def may_hold(dossier: Dossier, by: User) -> bool:
    """Return whether `by` may put a dossier on hold as it is now."""
    return dossier.is_open and not dossier.is_paused and _answers_for(dossier, by)


def may_resume(dossier: Dossier, by: User) -> bool:
    """Return whether `by` may let a dossier go on that is on hold or waits for a supplement."""
    return dossier.is_paused and _may_end_pause(dossier, by)


def _check_clock_runs(dossier: Dossier) -> None:
    if dossier.state == Dossier.State.HELD:
        raise InvalidActError(_("The dossier is on hold already."))
    if dossier.state == Dossier.State.SUPPLEMENT:
        raise InvalidActError(_("The dossier waits for a supplement already."))


def _answers_for(dossier: Dossier, by: User) -> bool:
    """Tell whether `by` leads, has an open task of the office's, or stands in for somebody who has."""
    return by.is_active and (leads(dossier, by) or bool(_owners(dossier, by)))


def _owners(dossier: Dossier, by: User) -> set[int]:
    """Return which of `by` and those for whom they stand in have an open task of the office's; one query.

    Submitters stand in for nobody here: their own dossier is not theirs to stop.
    """
    given = delegations_to(by) if dossier.submitter_id != by.pk else []
    absent = [row.principal_id for row in given if row.covers(dossier.type.code)]
    # References as text: pages ask this of a dossier whose version cannot be read, too.
    open_ones = human_tasks().filter(process__dossierprocess__dossier=dossier, finished__isnull=True)
    rows = open_ones.filter(owner__in=[by.pk, *absent]).values_list("owner", "node")
    return {owner for owner, node in rows if step_of(node) not in _SUBMITTERS}


def _absent(dossier: Dossier, by: User) -> User | None:
    """Return in whose place alone `by` may stop the clock; None when they may do so themselves."""
    given = delegations_to(by)
    if not given or leads(dossier, by):
        return None
    owners = _owners(dossier, by)
    if by.pk in owners:
        return None
    return next((row.principal for row in given if row.principal_id in owners), None)


def _may_end_pause(dossier: Dossier, by: User) -> bool:
    """Tell whether `by` may end a pause: those who may begin one, and whoever began it.

    The submitter hands in what is wanted, and never does without it on their own.
    """
    if dossier.state == Dossier.State.SUPPLEMENT and dossier.submitter_id == by.pk:
        return False
    began = Pause.objects.filter(dossier=dossier, ended_at__isnull=True, by=by)
    return _answers_for(dossier, by) or (by.is_active and began.exists())


def _close_supplement(turn: Turn, process: DossierProcess) -> bool:
    """Close the task of the submitter, if a supplement was asked for; return whether one was."""
    turn.closing = "waived"
    found = False
    for task in process.task_set.filter(finished__isnull=True).select_related("owner"):
        if task.flow_task.name == SUPPLEMENT:
            task.process = process
            task.flow_task.activation_class(task).cancel()
            found = True
    return found


def _tell(turn: Turn, process: DossierProcess, kind: str) -> None:
    """Tell the submitter and whoever has an open task."""
    waiting = process.task_set.filter(finished__isnull=True, owner__isnull=False).select_related("owner")
    people = {task.owner_id: task.owner for task in waiting}
    people[turn.dossier.submitter_id] = turn.dossier.submitter
    turn.notify(kind, list(people.values()), note=turn.note)
