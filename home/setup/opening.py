"""Opening the office: all that the wizard was told becomes true in one transaction, or nothing does."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from home.audit.api import Entry, record
from home.office.api import Office
from home.people.api import ADMIN_GROUP, Department, FileRefusedError, Position, User, run_import
from plugins.api.api import ProfileError, load_profile, profile_codes

from .choices import DEMO
from .door import SetupClosedError, wizard_is_open
from .models import SetupDraft


class OpeningError(Exception):
    """The office cannot be opened with these answers: `step` is where to mend it, the message says what is wrong."""

    def __init__(self, step: str, message: str) -> None:
        self.step = step
        super().__init__(message)


@transaction.atomic
def open_office(draft: SetupDraft) -> User:
    """Make everything, and return the first administrator.

    Raises `OpeningError`, and `SetupClosedError` when the office was opened meanwhile (a second press).
    """
    locked = SetupDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if locked is None or not wizard_is_open():
        raise SetupClosedError
    _store_office(locked)
    administrator = _fill(locked)
    extras = locked.answers["extras"]
    if extras["demo"]:
        _load(DEMO)
    for label in extras["plugins"]:
        _load(label)
    record(
        Entry(
            verb="office.set_up", by=administrator, target="office:1", label=locked.answers["office"]["name"]
        )
    )
    files = [(file.storage, str(file.name)) for file in (locked.logo, locked.people) if file]
    locked.delete()
    for storage, name in files:
        transaction.on_commit(partial(storage.delete, name), robust=True)
    return administrator


def check_extras(draft: SetupDraft, *, plugins: list[str], demo: bool) -> None:
    """Try what the last step will do with these plugins, and take it back. Raises `OpeningError`."""
    with transaction.atomic():
        _fill(draft, is_trial=True)
        if demo:
            _check_demo()
        else:
            for label in plugins:
                _load(label)
        transaction.set_rollback(True)


def _store_office(draft: SetupDraft) -> None:
    told, looks = draft.answers["office"], draft.answers["looks"]
    office = Office.objects.first() or Office()
    office.name, office.name_en, office.language = told["name"], told["name_en"], told["language"]
    office.colour = looks["colour"]
    office.set_up_at = timezone.now()
    if draft.logo:
        with draft.logo.open("rb") as file:
            office.logo.save("logo.png", ContentFile(file.read()), save=False)
    office.save()


def _fill(draft: SetupDraft, *, is_trial: bool = False) -> User:
    """Make the first pages and groups, the administrator, and what the workbook holds."""
    language = draft.answers["office"]["language"]
    _load(f"office-{language}", step="office")
    told: dict[str, Any] = draft.answers["administrator"]
    administrator = User(**told, language=language, is_superuser=True, is_staff=True)
    administrator.save()
    administrator.groups.add(Group.objects.get_or_create(name=ADMIN_GROUP)[0])
    if draft.people:
        try:
            with draft.people.open("rb") as file:
                result = run_import(file, apply=True)
        except FileRefusedError as error:
            raise OpeningError("people", str(error)) from error
        if not result.ok:
            raise OpeningError("people", str(result.problems[0]))
        if not is_trial and language != "vi":
            User.objects.exclude(pk=administrator.pk).update(language=language)
    return administrator


def _check_demo() -> None:
    """Refuse codes that the invented office would take for its own, so that it never writes over what is yours."""
    brought = profile_codes(DEMO)
    ours = {
        "department": Department.objects.values_list("code", flat=True),
        "position": Position.objects.values_list("code", flat=True),
        "person": User.objects.values_list("username", flat=True),
    }
    taken = sorted(code for kind, codes in ours.items() for code in brought.get(kind, set()) & set(codes))
    if taken:
        message = _("The invented office uses the same codes as yours (%(codes)s). Leave one of them out.")
        raise OpeningError("extras", message % {"codes": ", ".join(taken[:10])})


def _load(name: str, *, step: str = "extras") -> None:
    try:
        load_profile(name)
    except ProfileError as error:
        message = _("“%(name)s” cannot be set up in this office: %(why)s")
        raise OpeningError(step, message % {"name": name, "why": error.problems[0].message}) from error
