"""Rules of authorities to sign: what TUQ. asks for, and that nobody gives on what was given to them so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .locking import hold_people, hold_rule
from .mandates import check_days
from .matters import in_common
from .tree import path_ids

if TYPE_CHECKING:
    from .signing import SigningAuthority

TUQ = "TUQ"


def lock_for_check(authority: SigningAuthority) -> None:
    """Let one writer after the other check."""
    hold_rule("signing")
    hold_people([authority.holder_id, authority.on_behalf_of_id])


def check_authority_rules(authority: SigningAuthority) -> None:
    """Raise `ValidationError` on the field that is wrong; the authority may be incomplete."""
    if authority.holder_id is None or authority.on_behalf_of_id is None:
        return
    if authority.holder_id == authority.on_behalf_of_id:
        raise _refusal("on_behalf_of", _("Nobody signs for themselves. Choose another person."), "oneself")
    check_days(authority.since, authority.until)
    _check_active(authority)
    _check_post(authority)
    if authority.capacity == TUQ:
        _check_written(authority)
        if authority.since is not None:
            _check_given_on(authority)


def given_on(authority: SigningAuthority) -> SigningAuthority | None:
    """Return the authority TUQ. that the represented person would be giving on by this one, if there is one.

    It is given on when that person may sign in a shared matter on a shared day by TUQ. alone. One query.
    """
    if authority.capacity != TUQ:
        return None
    held = _meeting(authority, holder_id=authority.on_behalf_of_id)
    if any(row.capacity != TUQ for row in held):
        return None
    return next(iter(held), None)


def _check_active(authority: SigningAuthority) -> None:
    ids = [authority.holder_id, authority.on_behalf_of_id]
    people = apps.get_model("people.User")._base_manager.filter(pk__in=ids, is_active=True).in_bulk()
    for field in ("holder", "on_behalf_of"):
        if getattr(authority, f"{field}_id") not in people:
            message = _("The account of this person is closed. Choose somebody who works here.")
            raise _refusal(field, message, "inactive")


def _check_post(authority: SigningAuthority) -> None:
    """Refuse a title that the represented person does not hold."""
    if authority.position_id is None or authority.since is None:
        return
    held = apps.get_model("people.Membership")._default_manager.filter(
        user_id=authority.on_behalf_of_id, position_id=authority.position_id
    )
    if not held.overlapping(authority.since, authority.until).exists():
        message = _("%(person)s does not hold this position on these days. Choose another one, or none.")
        raise _refusal("position", message, "post", {"person": str(authority.on_behalf_of)})


def _check_written(authority: SigningAuthority) -> None:
    """Refuse an authority TUQ. without an end, a document or matters."""
    asked = {
        "until": (authority.until, _("An authority TUQ. is limited in time: give the last day.")),
        "document": (authority.document, _("An authority TUQ. is given in writing: name the document.")),
        "matters": (authority.codes, _("An authority TUQ. is limited in content: choose the matters.")),
    }
    missing = {field: message for field, (value, message) in asked.items() if not value}
    if missing:
        raise ValidationError(missing)


def _check_given_on(authority: SigningAuthority) -> None:
    """Refuse whichever of two authorities would make the other one given on, in whatever order they are saved."""
    received = given_on(authority)
    if received is not None:
        message = _(
            "%(person)s signs in these matters by authorisation (TUQ.) of %(giver)s, and may not give that on."
        )
        values = {"person": str(authority.on_behalf_of), "giver": str(received.on_behalf_of)}
        raise _refusal("on_behalf_of", message, "passed_on", values)
    for given in _meeting(authority, on_behalf_of_id=authority.holder_id, capacity=TUQ):
        if not _meeting(given, holder_id=authority.holder_id, capacity__in=["KT", "TL"]):
            message = _(
                "%(person)s has authorised %(other)s (TUQ.) in these matters on these days, and may not give on "
                "what is given here. Revoke that authority first."
            )
            values = {"person": str(authority.holder), "other": str(given.holder)}
            raise _refusal("holder", message, "passed_on", values)


def _meeting(authority: SigningAuthority, **conditions: Any) -> list[SigningAuthority]:
    """Return the other unrevoked authorities that share a day, a matter and a department with this one."""
    stored = apps.get_model("people.SigningAuthority")._default_manager
    found = stored.overlapping(authority.since, authority.until).filter(**conditions).exclude(pk=authority.pk)
    rows = found.select_related("department", "holder", "on_behalf_of").order_by("pk")
    return [row for row in rows if _share_matter(authority, row) and _share_place(authority, row)]


def _share_matter(one: SigningAuthority, two: SigningAuthority) -> bool:
    return in_common(one.codes, two.codes) != frozenset()


def _share_place(one: SigningAuthority, two: SigningAuthority) -> bool:
    if one.department is None or two.department is None:
        return True
    above, below = path_ids(one.department.path), path_ids(two.department.path)
    return one.department_id in below or two.department_id in above


def _refusal(field: str, message: str, code: str, values: dict[str, str] | None = None) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=code, params=values)})
