"""Work that follows a change of state: written with it, begun after its commit, tried again while it fails.

Each piece of work is taken by one worker for the length of a lease, whoever else works too. The number of the attempt
is the fence: a worker whose lease ran out writes no result over that of the next.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from home.audit.api import Entry, record
from home.notifications.api import send
from home.people.api import ADMIN_GROUP, User
from plugins.api.api import UnknownCodeError, wake
from workflows.dossiers.api import (
    DISPATCH,
    Dossier,
    Errand,
    UnreachableError,
    errand_kinds,
    grant,
    principals_of,
)

from .addresses import dossier_url
from .errors import InvalidActError, NotVisibleError
from .guards import clean_reason, refusal
from .lock import exclusive
from .tasks import do_errands

logger = logging.getLogger(__name__)

#: How long a worker may hold an errand before another takes it for abandoned.
LEASE = timedelta(minutes=15)
MAX_ATTEMPTS = 12
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MAX_ERROR = 2_000


@dataclass(frozen=True)
class ErrandRow:
    """One errand as the page of its dossier shows it."""

    errand: Errand

    @property
    def label(self) -> str:
        """What kind of work it is, in the reader's language."""
        return label_of(self.errand)

    @property
    def state(self) -> str:
        """How far it has come, as a code."""
        return self.errand.state

    @property
    def is_failing(self) -> bool:
        """Whether its last attempt did not succeed."""
        return bool(self.errand.error) and self.errand.state in (Errand.State.WAITING, Errand.State.FAILED)


def label_of(errand: Errand) -> str:
    """Return the words for an errand's kind; a kind whose plugin is gone stands for itself."""
    try:
        return str(errand_kinds.get(errand.kind).label)
    except UnknownCodeError:
        return errand.kind


def write_errands(dossier: Dossier, errands: Sequence[Errand], *, by: User | None) -> None:
    """Store the errands of one change of state, within its transaction, and have them begun after the commit."""
    if not errands:
        return
    for errand in errands:
        errand.dossier = dossier
        errand.by = errand.by or by
    Errand.objects.bulk_create(errands)
    _wake_once()


def cancel_errands(dossier: Dossier) -> int:
    """Take back what nobody has begun, and return how much; what runs comes to its own end."""
    waiting = Errand.objects.filter(dossier=dossier, state=Errand.State.WAITING)
    now = timezone.now()
    unbegun = waiting.filter(_free(now))
    return unbegun.update(state=Errand.State.CANCELLED, finished_at=now, leased_until=None)


def _free(now: datetime) -> Q:
    """Return the condition that nobody holds an errand."""
    return Q(leased_until__isnull=True) | Q(leased_until__lte=now)


def _wake_once() -> None:
    """Have the worker look for errands after the commit; once for each transaction."""
    if not any(entry[1] is _wake for entry in connection.run_on_commit):
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    wake(do_errands)


def run_errands() -> int:
    """Do everything that is due, one errand after the other, and return how many succeeded.

    One that fails, or whose kind is gone, is put off and does not keep the others.
    """
    done = 0
    while (errand := _claim()) is not None:
        done += _run(errand)
    return done


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after the attempt of this number: twice as long each time."""
    return min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)


def _skip_locked(rows: QuerySet[Errand]) -> QuerySet[Errand]:
    """Lock rows and pass over those that another worker holds (SQLite has one writer anyway)."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def _claim() -> Errand | None:
    """Take the errand that is due first for this worker alone, for the length of the lease."""
    now = timezone.now()
    with transaction.atomic():
        due = Errand.objects.filter(_free(now), state=Errand.State.WAITING, next_at__lte=now)
        errand = _skip_locked(due.order_by("next_at", "pk")).first()
        if errand is None:
            return None
        errand.attempts += 1
        errand.leased_until = now + LEASE
        errand.save(update_fields=["attempts", "leased_until"])
    return Errand.objects.select_related("dossier__type", "by").get(pk=errand.pk)


def _run(errand: Errand) -> bool:
    """Do one errand and note what became of it; return whether it succeeded."""
    if errand.attempts > MAX_ATTEMPTS:
        # Its worker died at the last attempt.
        _give_up(errand, errand.error or _("The work was broken off again and again."))
        return False
    try:
        result = errand_kinds.get(errand.kind).run(errand)
    except Exception as error:
        logger.warning("Errand %s (%s) failed: %s", errand.pk, errand.kind, error)
        words = f"{type(error).__name__}: {error}"[:MAX_ERROR]
        _settle_failure(errand, words)
        if isinstance(error, UnreachableError):
            _put_off_alike(errand, words)
        return False
    return _settle(
        errand,
        state=Errand.State.DONE,
        result=result or {},
        finished_at=timezone.now(),
        error="",
    )


def _settle(errand: Errand, **values: Any) -> bool:
    """Write the outcome, unless the lease ran out and another worker has taken over; return whether it was written."""
    mine = Errand.objects.filter(pk=errand.pk, attempts=errand.attempts, state=Errand.State.WAITING)
    return bool(mine.update(leased_until=None, **values))


def _settle_failure(errand: Errand, error: str) -> None:
    if _was_withdrawn(errand):
        _settle(errand, state=Errand.State.CANCELLED, finished_at=timezone.now(), error=error)
    elif errand.attempts >= MAX_ATTEMPTS:
        _give_up(errand, error)
    else:
        _settle(errand, next_at=timezone.now() + pause_after(errand.attempts), error=error)


def _put_off_alike(errand: Errand, error: str) -> None:
    """Put off, without counting an attempt, what needs the system that did not answer just now."""
    alike = errand_kinds.get(errand.kind).alike
    if alike is not None:
        now = timezone.now()
        due = Errand.objects.filter(_free(now), alike(errand), kind=errand.kind, next_at__lte=now)
        due.filter(state=Errand.State.WAITING).update(next_at=now + FIRST_PAUSE, error=error)


def _was_withdrawn(errand: Errand) -> bool:
    """Return whether the dossier was withdrawn after this work was wanted."""
    rows = Dossier.objects.filter(pk=errand.dossier_id, state=Dossier.State.WITHDRAWN)
    return rows.filter(closed_at__gt=errand.created_at).exists()


def _give_up(errand: Errand, error: str) -> None:
    """Mark an errand as failed for good and tell the dispatchers, who may see its dossier from now on."""
    dossier = errand.dossier
    with transaction.atomic():
        if not _settle(errand, state=Errand.State.FAILED, finished_at=timezone.now(), error=error):
            return
        grant(dossier, {DISPATCH})
        send(
            "errand.failed",
            to=User.objects.filter(groups__name=ADMIN_GROUP, is_active=True),
            params={
                "number": dossier.number,
                "subject": dossier.subject,
                "step": label_of(errand),
                "error": error,
            },
            url=dossier_url(dossier),
            key=f"errand:{errand.key}",
        )
        record(_entry("errand.failed", errand, by=None))


def _entry(verb: str, errand: Errand, *, by: User | None, **more: str) -> Entry:
    data = {"errand": str(errand.key), "kind": errand.kind, "step": errand.step, **more}
    return Entry(verb=verb, by=by, target=errand.dossier.target, label=errand.dossier.number, data=data)


def may_retry(errand: Errand, by: User) -> bool:
    """Return whether `by` may have failed work tried again: dispatchers, and the head of the type's department."""
    return errand.state == Errand.State.FAILED and _is_entitled(errand, by)


def _is_entitled(errand: Errand, by: User) -> bool:
    entitled = {DISPATCH, f"head:{errand.dossier.type.department_id}"}
    return bool(entitled & principals_of(by))


def retry_errand(errand_id: int, *, by: User) -> Errand:
    """Have failed work tried again at once, under the same key.

    Raises `NotVisibleError`, `ConflictError` for who may not, and `InvalidActError` for work that has not failed.
    """
    with exclusive():
        errand = _locked(errand_id)
        if not _is_entitled(errand, by):
            raise refusal(errand.dossier, by)
        if errand.state != Errand.State.FAILED:
            raise InvalidActError(_("Only work that has failed can be tried again."))
        errand.state, errand.attempts, errand.next_at = Errand.State.WAITING, 0, timezone.now()
        errand.finished_at = None
        errand.save(update_fields=["state", "attempts", "next_at", "finished_at"])
        _wake_once()
        record(_entry("errand.retried", errand, by=by))
    return errand


def _locked(errand_id: int) -> Errand:
    rows = Errand.objects.select_for_update(of=("self",), no_key=True)
    errand = rows.select_related("dossier__type").filter(pk=errand_id).first()
    if errand is None:
        raise NotVisibleError
    return errand


def may_waive(errand: Errand, by: User) -> bool:
    """Return whether `by` may do without failed work: whoever may have it tried again, but for the submitter.

    Nobody but the dispatchers lets their own dossier go on without what it waits for.
    """
    own = errand.dossier.submitter_id == by.pk and DISPATCH not in principals_of(by)
    return may_retry(errand, by) and not own


def waive_errand(errand_id: int, *, by: User, reason: str) -> Errand:
    """Do without work that has failed for good: the step that waits for it goes on. A reason is mandatory.

    Raises `NotVisibleError`, `ConflictError` for who may not, and `InvalidActError` for work that has not failed.
    """
    with exclusive():
        errand = _locked(errand_id)
        if errand.state != Errand.State.FAILED and _is_entitled(errand, by):
            raise InvalidActError(_("Only work that has failed can be done without."))
        if not may_waive(errand, by):
            raise refusal(errand.dossier, by)
        note = clean_reason(reason, _("State why the dossier can do without it."))
        errand.state, errand.finished_at = Errand.State.CANCELLED, timezone.now()
        errand.save(update_fields=["state", "finished_at"])
        record(_entry("errand.waived", errand, by=by, note=note))
        transaction.on_commit(partial(_go_on, errand.task_id or 0), robust=True)
    return errand


def _go_on(task_id: int) -> None:
    """Let the step go on that waited for the work; what fails is left to the sweep."""
    from .waking import wake_now

    wake_now(task_id)


def retry_failed_errands(*, by: User) -> int:
    """Have all failed work tried again that `by` may, each in its own transaction; return how much."""
    failed = Errand.objects.filter(state=Errand.State.FAILED).select_related("dossier__type")
    retried = 0
    for errand in failed.order_by("pk"):
        if may_retry(errand, by):
            retry_errand(errand.pk, by=by)
            retried += 1
    return retried


def errands_of(dossier: Dossier) -> list[ErrandRow]:
    """Return the work that was wanted for a dossier, the newest first; one query."""
    return [ErrandRow(errand) for errand in Errand.objects.filter(dossier=dossier).order_by("-pk")]
