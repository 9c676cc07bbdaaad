"""What every act asks before it changes anything: the task under its lock, and whether this person may act."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import STATUS

from home.forms.api import clean_text
from home.people.api import Delegation, User
from plugins.api.api import EXAMPLE_KEY, Prepared
from workflows.dossiers.api import DISPATCH, Dossier, Follow, SubDossier, own_names_of

from .errors import ConflictError, InvalidActError, NotVisibleError
from .lock import lock_process, locking
from .models import DossierProcess, Draft
from .standing_in import lent_by, matter_of, principal_for, took_over

#: A note is an opinion, not a document.
MAX_NOTE = 5_000


_process_of_task = Prepared(
    lambda task_id: locking(Process.objects.filter(task=task_id)), EXAMPLE_KEY, write=True, keyed=True
)
_task_as_it_is = Prepared(
    lambda task_id, day: (
        Task.objects.select_related(
            "process__dossierprocess__dossier__submitter",
            "process__dossierprocess__dossier__version",
            "owner",
        )
        .defer("process__dossierprocess__dossier__version__definition")
        # Almost never is there a draft, a follower or a dossier that waits for this one, and there are days when nobody
        # is away; asked here, that costs a decision no query of its own.
        .annotate(
            has_drafts=Exists(Draft.objects.filter(task=OuterRef("pk"))),
            has_followers=Exists(Follow.objects.filter(dossier=OuterRef("process__dossierprocess__dossier"))),
            somebody_is_away=Exists(Delegation.objects.valid_on(day)),
            is_waited_for=Exists(
                SubDossier.objects.filter(child=OuterRef("process__dossierprocess__dossier"))
            ),
        )
        .filter(pk=task_id, flow_task_type="HUMAN")
    ),
    EXAMPLE_KEY,
    date(1900, 1, 1),
    write=True,
    keyed=True,
)


def locked(task_id: int, by: User) -> tuple[Task, Dossier]:
    """Lock and return a task as it is now, if `by` may know of it."""
    task, dossier = locked_task(task_id)
    # The pool of a task sees its dossier; no query is needed to know that.
    is_asked = task.owner_id == by.pk or task.owner_permission in own_names_of(by)
    if not is_asked and not may_see(dossier, by) and not stands_in(task, by):
        raise NotVisibleError
    return task, dossier


def stands_in(task: Task, by: User) -> bool:
    """Tell whether `by` stands in today for whoever has a task or may claim it, or did so when it was closed."""
    matter = matter_of(task)
    if task.owner is not None and took_over(by, task.owner, matter, task.finished):
        return True
    role = task.owner_permission
    return bool(role) and lent_by(by, role, matter, since=task.finished) is not None


def locked_task(task_id: int) -> tuple[Task, Dossier]:
    """Lock the process of a task and return the task as it is now. Raises `NotVisibleError` when there is none."""
    # SQLite has one writer anyway.
    if connection.features.has_select_for_update and _process_of_task.first(task_id) is None:
        raise NotVisibleError
    task = _task_as_it_is.first(task_id, timezone.localdate())
    if task is None or task.process.flow_class is None:
        raise NotVisibleError
    return task, task.process.dossierprocess.dossier


def locked_dossier(dossier_id: int) -> DossierProcess:
    """Lock and return the process of a dossier, with the dossier as it is now. Raises `NotVisibleError`."""
    lock_process(Process.objects.filter(dossierprocess__dossier=dossier_id).order_by("-pk"))
    found = DossierProcess.objects.filter(dossier=dossier_id).select_related(
        "dossier__submitter", "dossier__department", "dossier__version"
    )
    return found.defer("dossier__version__definition").latest("pk")


def leads(dossier: Dossier, by: User) -> bool:
    """Tell whether `by` answers for a dossier: the head of its department, or one of the dispatchers.

    A head who has submitted the dossier does not lead it: nobody chooses who judges them.
    """
    names = own_names_of(by)
    is_head = f"head:{dossier.department_id}" in names and dossier.submitter_id != by.pk
    return is_head or DISPATCH in names


def may_see(dossier: Dossier, user: User) -> bool:
    """Return whether `user` may see this one dossier: the same rule as `Dossier.objects.visible_to`."""
    return Dossier.objects.visible_to(user).filter(pk=dossier.pk).exists()


def check_actor(task: Task, dossier: Dossier, by: User) -> User | None:
    """Let the owner act, as long as the role that they claimed by is theirs; a member of the pool; or a stand-in.

    Return for whom `by` stands in, or None when they act for themselves. Nobody decides on their own dossier, nor
    stands in for its submitter there.
    """
    if not by.is_active:
        raise NotVisibleError
    lender = lender_of(task, dossier, by)
    if lender is None and (task.owner_id is None or task.owner_id == by.pk):
        check_role(task, dossier, by)
        check_not_own(task, dossier, by)
        return None
    principal = lender.principal if lender else principal_for(by, task.owner, matter_of(task))
    if principal is None:
        raise ConflictError("claimed", dossier.pk, by=task.owner, at=task.assigned)
    check_role(task, dossier, principal)
    for person in (by, principal):
        check_not_own(task, dossier, person)
    return principal


def lender_of(task: Task, dossier: Dossier, by: User) -> Delegation | None:
    """Return the delegation under which `by` takes a task out of a pool that is not their own, if that is how."""
    if task.owner_id is not None or not task.owner_permission or task.owner_permission in own_names_of(by):
        return None
    unfit = {dossier.submitter_id} if task.flow_task.not_submitter else set()
    role, matter = task.owner_permission, matter_of(task)
    return lent_by(by, role, matter, unfit=unfit) or lent_by(by, role, matter)


def check_role(task: Task, dossier: Dossier, by: User) -> None:
    """Refuse whoever no longer holds the role that the task waits for."""
    if task.owner_permission and task.owner_permission not in own_names_of(by):
        raise ConflictError("not_yours", dossier.pk)


def check_running(dossier: Dossier) -> None:
    """Refuse while the clock of the dossier stands still."""
    if dossier.state == Dossier.State.HELD:
        raise InvalidActError(_("The dossier is on hold: nobody decides until it is resumed."))
    if dossier.state == Dossier.State.SUPPLEMENT:
        raise InvalidActError(_("The dossier waits for a supplement: nobody decides until it is handed in."))


def check_open(dossier: Dossier) -> None:
    """Refuse when the dossier has been closed."""
    if not dossier.is_open:
        raise ConflictError("closed", dossier.pk, at=dossier.closed_at, outcome=dossier.state)


def clean_reason(reason: str, message: str) -> str:
    """Return a mandatory reason. Raises `InvalidActError` with `message` when it is empty."""
    reason = clean_note(reason)
    if not reason:
        raise InvalidActError(message, "note")
    return reason


def check_not_own(task: Task, dossier: Dossier, by: User) -> None:
    """Refuse the submitter where the step judges the dossier (separation of duties)."""
    if task.flow_task.not_submitter and dossier.submitter_id == by.pk:
        raise InvalidActError(_("Nobody decides on their own dossier. Leave it to a colleague."))


def conflict(task: Task, dossier: Dossier) -> ConflictError:
    """Return what happened to a task that is no longer as the actor saw it."""
    if task.status == STATUS.DONE:
        return ConflictError("decided", dossier.pk, task.owner, task.finished, task.data.get("outcome", ""))
    if task.status == STATUS.ASSIGNED:
        return ConflictError("claimed", dossier.pk, task.owner, task.assigned)
    return ConflictError("closed", dossier.pk, at=task.finished)


def refusal(dossier: Dossier, by: User) -> NotVisibleError | ConflictError:
    """Return the refusal of an act that is not for `by`: without a trace, if they may not know of the dossier."""
    return ConflictError("not_yours", dossier.pk) if may_see(dossier, by) else NotVisibleError()


def clean_note(note: str) -> str:
    """Return a note or reason without invisible marks, in NFC. Raises `InvalidActError` when it is too long."""
    if len(note) > MAX_NOTE:
        message = _("The note is longer than %(limit)s characters.") % {"limit": MAX_NOTE}
        raise InvalidActError(message, "note")
    return clean_text(note, lines=True)
