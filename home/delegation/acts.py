"""Giving and revoking: one function a change of state, each with its entry in the audit trail.

Locks are taken in the order rule → people → row → end of the audit trail.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from home.audit.api import Entry, record
from home.people.api import (
    Delegation,
    Department,
    Position,
    SigningAuthority,
    User,
    hold_rule,
    is_office_admin,
    known_matters,
    nfc,
)

from .gates import delegations_visible_to, may_delegate, may_revoke


@transaction.atomic
def delegate(
    *,
    by: User,
    principal: User,
    delegate: User,
    since: date,
    until: date,
    matters: Iterable[str] = (),
    reason: str = "",
) -> Delegation:
    """Let `delegate` stand in for `principal` on these days, both included; no matters means all.

    The same again (a double click) returns the row that is there, and nothing is recorded. Raises
    `PermissionDenied` for who may not, and `ValidationError` on the field for what the rules forbid
    (`home/people/delegation_rules.py`) and for matters that nobody knows.
    """
    if not may_delegate(by, principal):
        raise PermissionDenied
    row = Delegation(principal=principal, delegate=delegate, since=since, until=until, made_by=by)
    row.matters, row.reason = _known(matters), nfc(reason)
    hold_rule("delegations")
    same = _same(row, "principal", "delegate", "since", "until", "matters", "reason")
    if same is not None:
        return same
    row.save()
    record(_entry("delegation.made", by, row, _about_delegation(row)))
    return row


@transaction.atomic
def revoke(delegation_id: int, *, by: User) -> Delegation:
    """End a delegation at once; revoking again changes and records nothing.

    Raises `Delegation.DoesNotExist` for one that `by` may not see, `PermissionDenied` for one that is not
    theirs to end, and `ValidationError` when its days are over.
    """
    visible = delegations_visible_to(by)
    row: Delegation = visible.select_for_update(of=("self",)).get(pk=delegation_id)
    if not may_revoke(by, row):
        raise PermissionDenied
    if _end(row, by):
        record(_entry("delegation.revoked", by, row, _about_delegation(row)))
    return row


@transaction.atomic
def give_authority(
    *,
    by: User | None,
    holder: User,
    on_behalf_of: User,
    capacity: str,
    since: date,
    until: date | None = None,
    position: Position | None = None,
    department: Department | None = None,
    document: str = "",
    matters: Iterable[str] = (),
) -> SigningAuthority:
    """Let `holder` sign for `on_behalf_of` (KT., TL. or TUQ.); for administrators of the office.

    `by` None is the set-up of the office, which nobody in particular answers for (profiles). The same again
    returns the row that is there. Raises `PermissionDenied`, and `ValidationError` on the field for what the
    rules forbid (`home/people/signing_rules.py`) and for matters that nobody knows.
    """
    if by is not None and not is_office_admin(by):
        raise PermissionDenied
    row = SigningAuthority(holder=holder, on_behalf_of=on_behalf_of, capacity=capacity, made_by=by)
    row.since, row.until, row.position, row.department = since, until, position, department
    row.matters, row.document = _known(matters), nfc(document)
    hold_rule("signing")
    names = ["holder", "on_behalf_of", "capacity", "since", "until", "position", "department"]
    same = _same(row, *names, "document", "matters")
    if same is not None:
        return same
    row.save()
    record(_entry("authority.given", by, row, _about_authority(row)))
    return row


@transaction.atomic
def revoke_authority(authority_id: int, *, by: User) -> SigningAuthority:
    """End an authority to sign at once; for administrators of the office. Revoking again changes nothing.

    Raises `PermissionDenied`, `SigningAuthority.DoesNotExist`, and `ValidationError` when it is over.
    """
    if not is_office_admin(by):
        raise PermissionDenied
    row: SigningAuthority = SigningAuthority.objects.select_for_update().get(pk=authority_id)
    if _end(row, by):
        record(_entry("authority.revoked", by, row, _about_authority(row)))
    return row


def _known(matters: Iterable[str]) -> list[str]:
    """Return the codes, sorted and once each; raise `ValidationError` on `matters` for one that nobody knows."""
    codes = sorted(set(matters))
    unknown = sorted(set(codes) - known_matters().keys()) if codes else []
    if unknown:
        message = _("Nobody knows these matters: %(codes)s. Choose from the list.")
        values = {"codes": ", ".join(unknown)}
        raise ValidationError({"matters": ValidationError(message, code="unknown", params=values)})
    return codes


def _same(row: Any, *names: str) -> Any:
    """Return the stored row with these values that still plans or runs, if there is one."""
    wanted = {name: getattr(row, name) for name in names}
    matters = wanted.pop("matters")
    found = type(row).objects.unrevoked().filter(**wanted).order_by("pk")
    return next((other for other in found if other.matters == matters and other.may_be_revoked), None)


def _end(row: Any, by: User) -> bool:
    """Revoke a row that is locked; return whether that changed anything."""
    if row.revoked_at is not None:
        return False
    if not row.may_be_revoked:
        raise ValidationError(_("These days are over: there is nothing left to revoke."), code="over")
    row.revoke(by=by)
    return True


def _entry(verb: str, by: User | None, row: Any, data: dict[str, Any]) -> Entry:
    kind = verb.partition(".")[0]
    return Entry(verb=verb, by=by, target=f"{kind}:{row.pk}", label=str(row), data=data)


def _about_delegation(row: Delegation) -> dict[str, Any]:
    return {
        "principal": row.principal_id,
        "delegate": row.delegate_id,
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "matters": row.matters,
        "reason": row.reason,
    }


def _about_authority(row: SigningAuthority) -> dict[str, Any]:
    return {
        "holder": row.holder_id,
        "on_behalf_of": row.on_behalf_of_id,
        "capacity": row.capacity,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "position": row.position_id,
        "department": row.department_id,
        "document": row.document,
        "matters": row.matters,
    }
