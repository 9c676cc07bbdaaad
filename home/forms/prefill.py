"""What stands in a question at first: its default, or what the profile of the person says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .kinds.base import kind_of
from .schema import Field
from .text import clean_text

if TYPE_CHECKING:
    from home.people.models import User

#: What a profile can give, in the words of the editor.
SOURCES = {
    "name": _("Full name"),
    "username": _("User name"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
    "department": _("Department"),
    "position": _("Position"),
    "head": _("Head of the department"),
}

#: The word that stands for the present day as the default of a date.
TODAY = ("today", "hôm nay")


def first_answer(field: Field, user: User | None) -> Any:
    """Return the raw answer that a question begins with, or None."""
    if field.prefill and user is not None and (raw := _from_profile(field, user)) is not None:
        return raw
    return default_answer(field) if field.default else None


def default_answer(field: Field) -> Any:
    """Return the raw answer that the default of a question means; None when it is no answer to it."""
    kind = kind_of(field)
    if not kind.posts:
        return clean_text(field.default) or None
    if field.kind == "date" and field.default.casefold() in TODAY:
        return timezone.localdate().isoformat()
    typed: Any = clean_text(field.default, lines=True)
    if choices := getattr(field, "choices", None):
        values = {
            str(words).casefold(): c.value for c in choices for words in (*_languages(c.label), c.value)
        }
        typed = values.get(typed.casefold(), typed)
        typed = [typed] if getattr(field, "several", False) else typed
    elif field.kind == "yes_no":
        typed = {"có": "yes", "không": "no"}.get(typed.casefold(), typed.casefold())
    try:
        return kind.to_json(kind.form_field(field).clean(typed), field)
    except (ValidationError, TypeError, ValueError):
        return None


def _languages(label: Any) -> tuple[str, ...]:
    return (label,) if isinstance(label, str) else tuple(label.values())


def _from_profile(field: Field, user: User) -> Any:
    record = _record(field.prefill, user)
    if record is None:
        return None
    if field.kind in ("person", "department", "position"):
        suits = _IS_ABOUT.get(field.prefill, "person") == field.kind
        return {name: record[name] for name in ("id", "code", "name")} if suits else None
    text = record["text"]
    limit = getattr(field, "max_length", None)
    return (text[:limit] if limit else text) or None


#: What a source is about, where it is not a person.
_IS_ABOUT = {"department": "department", "position": "position"}


def _record(source: str, user: User) -> dict[str, Any] | None:
    from home.people.api import department_of, superior_of

    if source in ("name", "username", "email", "phone"):
        texts = {"name": user.get_full_name(), "username": user.get_username()}
        text = texts.get(source) or str(getattr(user, source, "") or "")
        return _of_person(user) | {"text": text}
    if source == "position":
        return _position(user)
    if source == "head":
        head = superior_of(user)
        return _of_person(head) if head is not None else None
    department = department_of(user)
    return _of_row(department) if department is not None else None


def _of_person(person: User) -> dict[str, Any]:
    name = person.get_full_name()
    return {"id": person.pk, "code": person.get_username(), "name": name, "text": name}


def _position(user: User) -> dict[str, Any] | None:
    from home.people.api import places_held

    places = places_held(user=user.pk)
    return _of_row(places[0].position) if places and places[0].position is not None else None


def _of_row(row: Any) -> dict[str, Any]:
    return {"id": row.pk, "code": row.code, "name": row.name, "text": row.name}
