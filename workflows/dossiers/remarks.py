"""The acts on internal remarks: write, change within some minutes, withdraw."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from home.audit.api import Entry, record
from home.forms.api import clean_text
from home.notifications.api import send
from home.people.api import User

from .models import Dossier, Mention, Remark
from .remark_gate import may_read_staff, remark_readers

#: A remark is a message, not a document.
MAX_REMARK = 2_000
#: For so long what one wrote may be changed without a second remark.
EDIT_TIME = timedelta(minutes=15)
#: How many people one remark may call.
MAX_MENTIONS = 20

_MENTION = re.compile(r"(?<![\w@.+-])@([\w](?:[\w.+-]*\w)?)")


class RemarkError(Exception):
    """A remark that cannot be accepted; `message` is in the language of whoever writes."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def audiences_for(dossier: Dossier, user: User) -> list[Remark.Audience]:
    """Return whom `user` may write to, the usual one first: the submitter writes to everybody or not at all."""
    staff = [Remark.Audience.STAFF] if may_read_staff(dossier, user) else []
    return [*staff, Remark.Audience.ALL]


def names_in(text: str) -> list[str]:
    """Return the user names that a text calls with `@`, each once, in its order."""
    return list(dict.fromkeys(name.lower() for name in _MENTION.findall(text)))[:MAX_MENTIONS]


def parts_of(text: str) -> list[str]:
    """Return a text cut at its mentions: words and user names (without `@`) take turns, words first."""
    return _MENTION.split(text)


def write_remark(dossier_id: int, *, by: User, text: str, audience: str) -> Remark:
    """Add a remark to a dossier and ring the bell of those whom it names and who may read it.

    Naming somebody gives them no access: who may not read it is not told. Raises `Dossier.DoesNotExist` when `by` may
    not see the dossier and `RemarkError`.
    """
    text = _clean(text)
    with transaction.atomic():
        dossier: Dossier = Dossier.objects.visible_to(by).get(pk=dossier_id)
        if audience not in audiences_for(dossier, by):
            raise RemarkError(_("Choose who may read the remark."))
        remark = Remark.objects.create(dossier=dossier, by=by, text=text, audience=audience)
        called = _mention(remark, names_in(text))
        record(_entry("remark.written", remark, by, called))
    return remark


def edit_remark(remark_id: int, *, by: User, text: str) -> Remark:
    """Change what one has just written; whom it names only now is told now.

    Raises `Remark.DoesNotExist` when `by` may not read it or somebody else wrote it, and `RemarkError`.
    """
    text = _clean(text)
    with transaction.atomic():
        remark = _own(remark_id, by)
        if not is_editable(remark):
            raise RemarkError(_("This remark can no longer be changed. Write another one."))
        if remark.text == text:
            return remark
        remark.text, remark.edited_at = text, timezone.now()
        remark.save(update_fields=["text", "edited_at"])
        known = set(remark.mentions.values_list("user__username", flat=True))
        called = _mention(remark, [name for name in names_in(text) if name not in known])
        record(_entry("remark.changed", remark, by, called))
    return remark


def withdraw_remark(remark_id: int, *, by: User) -> Remark:
    """Take back what one wrote: it stays in the audit trail and is shown to nobody else any more.

    Raises `Remark.DoesNotExist` when `by` may not read it or somebody else wrote it.
    """
    with transaction.atomic():
        remark = _own(remark_id, by)
        if remark.withdrawn_at is None:
            remark.withdrawn_at = timezone.now()
            remark.save(update_fields=["withdrawn_at"])
            record(_entry("remark.withdrawn", remark, by))
    return remark


def is_editable(remark: Remark) -> bool:
    """Return whether its author may still change a remark."""
    return remark.withdrawn_at is None and timezone.now() < remark.written_at + EDIT_TIME


def _own(remark_id: int, by: User) -> Remark:
    found = (
        Remark.objects.visible_to(by).filter(by=by).select_related("dossier").select_for_update(of=("self",))
    )
    remark: Remark = found.get(pk=remark_id)
    return remark


def _clean(text: str) -> str:
    text = clean_text(text, lines=True)
    if not text:
        raise RemarkError(_("Write something first."))
    if len(text) > MAX_REMARK:
        raise RemarkError(_("A remark has at most %(limit)s characters.") % {"limit": MAX_REMARK})
    return text


def _mention(remark: Remark, names: Iterable[str]) -> list[User]:
    """Keep whom a remark names, and tell them; who may not read it is left out. Three queries, none without names."""
    wanted = list(names)
    if not wanted:
        return []
    readers = remark_readers(remark.dossier, remark.audience).filter(username__in=wanted)
    people = list(readers.exclude(pk=remark.by_id).order_by("pk"))
    Mention.objects.bulk_create(
        [Mention(remark=remark, user=person) for person in people], ignore_conflicts=True
    )
    send(
        "remark.mentioned",
        to=people,
        params={"number": remark.dossier.number, "by": str(remark.by), "text": remark.text[:300]},
        url=reverse("dossier", args=[remark.dossier_id]) + f"#remark-{remark.pk}",
        by=remark.by,
    )
    return people


def _entry(verb: str, remark: Remark, by: User, called: Iterable[User] = ()) -> Entry:
    # Not the target of the dossier: its timeline is for everybody who sees it.
    data = {
        "remark": remark.pk,
        "audience": remark.audience,
        "text": remark.text,
        "mentioned": [person.username for person in called],
    }
    return Entry(
        verb=verb, by=by, target=f"remarks:{remark.dossier_id}", label=remark.dossier.number, data=data
    )
