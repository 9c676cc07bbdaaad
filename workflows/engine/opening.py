"""A filled-in form becomes a dossier: number, access, due date, and the first step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from home.forms.api import SUBMISSION_HOLDER, Submission, file_ids, hold_files
from home.people.api import Department, User, department_ids_of, department_of
from home.worktime.api import add_working_days
from plugins.api.api import PreparedInsert
from workflows.definitions.api import Definition, StartSpec, definition_of
from workflows.dossiers.api import Dossier, DossierType, FlowVersion, hold_registers, take_number
from workflows.steps.api import registers_of

from .errors import InvalidActError, NotVisibleError
from .lock import exclusive
from .runtime import start, subject_of
from .timers import arm_dossier
from .turns import turn_of
from .versions import current_version, offer_of


def startable_by(user: User) -> list[DossierType]:
    """Return the dossier types that `user` may start, with their current versions; two or three queries."""
    types = DossierType.objects.filter(is_active=True, current__isnull=False).select_related(
        "current", "department"
    )
    found = [(kind, definition_of(kind.current)) for kind in types if kind.current]
    codes = _codes_of(user, (definition for _kind, definition in found))
    return [kind for kind, definition in found if _may_start(definition, user, codes)]


def version_to_start(code: str, user: User) -> FlowVersion:
    """Return the version that a new dossier of the type `code` runs on, with its type and questions.

    Raises `NotVisibleError` when there is none, or when `user` may not start it.
    """
    version = current_version(code)
    if version is None:
        raise NotVisibleError
    definition = definition_of(version)
    if not _may_start(definition, user, _codes_of(user, [definition])):
        raise NotVisibleError
    return version


def _codes_of(user: User, definitions: Iterable[Definition]) -> frozenset[str]:
    """Return the codes of the user's departments and of all above, if one of the definitions asks for them."""
    if not user.is_active or not any(isinstance(one.start, StartSpec) for one in definitions):
        return frozenset()
    mine = Department.objects.filter(pk__in=department_ids_of(user))
    return frozenset(mine.values_list("code", flat=True))


def _may_start(definition: Definition, user: User, codes: frozenset[str]) -> bool:
    if not isinstance(definition.start, StartSpec):
        return user.is_active
    return bool(codes & set(definition.start.departments))


def open_dossier(
    version: FlowVersion,
    *,
    by: User,
    answers: dict[str, Any],
    submission: Submission | None = None,
    at: datetime | None = None,
    by_itself: bool = False,
) -> Dossier:
    """Create a dossier, number it and start its flow, in one transaction.

    `answers` are cleaned (`Form.answers()`); files among them are held by the dossier from now on. `at` is the moment
    of receipt; `by_itself` says that nobody acts: another dossier opens it in the name of `by`. Raises
    `InvalidActError` when the version is no longer the current one, `NotVisibleError` for people who may not start it,
    `FaultError` when the flow cannot begin.
    """
    definition = definition_of(version)
    if not _may_start(definition, by, _codes_of(by, [definition])):
        raise NotVisibleError
    at = at or timezone.now()
    # A submission is stored in a transaction of its own, which ends with this act.
    with exclusive(joins=submission is not None):
        offer: Any = offer_of(version)
        if offer is None:
            raise InvalidActError(
                _("This form has been replaced by a newer one. Please check your answers again.")
            )
        dossier = _create(version, definition, by, answers, submission, at)
        # Files of a submission are its own by now; those of anybody else's draft are never taken.
        hold_files(
            file_ids(definition.questions, answers),
            holder_kind="dossier",
            holder_id=dossier.pk,
            by=None if submission else by,
            held_by=(SUBMISSION_HOLDER, submission.pk) if submission else None,
        )
        with turn_of(dossier, by=None if by_itself else by) as turn:
            turn.nobody_is_away = not offer.somebody_is_away
            turn.principals |= _first_access(dossier)
            turn.log("dossier.opened", type=definition.code, version=version.number)
            start(dossier, turn)
            arm_dossier(dossier, since=turn.at)
    return dossier


def _create(
    version: FlowVersion,
    definition: Definition,
    by: User,
    answers: dict[str, Any],
    submission: Submission | None,
    at: datetime,
) -> Dossier:
    department = department_of(by)
    due_at = add_working_days(at, definition.days, department=department) if definition.days else None
    dossier = Dossier(
        type_id=version.type_id,
        version=version,
        subject=subject_of(definition, answers),
        submitter=by,
        department=department,
        submission=submission,
        answers=answers,
        opened_at=at,
        due_at=due_at,
    )
    _new_dossier.one(dossier)
    register = definition.register_
    others = registers_of(definition.steps_by_id.values()) - {register.code}
    if others:  # the flow may take a number of these before the commit
        mine = (register.code, timezone.localtime(at).year)
        hold_registers([mine, *((code, timezone.localdate().year) for code in others)])
    entry = take_number(register=register.code, pattern=register.pattern, holder=dossier.target, moment=at)
    dossier.number = entry.symbol  # written at the end of the turn, with the state
    return dossier


_new_dossier = PreparedInsert(Dossier)


def _first_access(dossier: Dossier) -> set[str]:
    """Return who may see a dossier from the beginning: its submitter and the head of the submitter's department."""
    principals = {f"user:{dossier.submitter_id}"}
    if dossier.department_id is not None:
        principals.add(f"head:{dossier.department_id}")
    return principals
