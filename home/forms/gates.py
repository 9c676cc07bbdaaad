"""Who may read a file: the gate of its holder decides (`file_gates.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from plugins.api.api import Registry

from .models import StoredFile

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from home.people.models import User


class FileGate:
    """The gate of one kind of holder; `code` is the `holder_kind` of its files."""

    code: ClassVar[str] = ""

    def may_read(self, user: User, holder_ids: set[str]) -> set[str]:
        """Return those of the holders that `user` may see."""
        raise NotImplementedError

    def note_read(self, user: User, stored: StoredFile) -> None:
        """Record that `user` opens a file, where reading is on record."""


file_gates: Registry[type[FileGate]] = Registry(FileGate, module="file_gates", noun="file gate")


def may_read(user: User | AnonymousUser, stored: StoredFile) -> bool:
    """Tell whether `user` may open a file: drafts only their uploader, others who passes the holder's
    gate."""
    if not user.is_authenticated or not user.is_active:
        return False
    if stored.is_draft:
        return stored.uploaded_by_id == user.pk
    if stored.holder_kind not in file_gates:
        return False
    return stored.holder_id in file_gates.get(stored.holder_kind)().may_read(user, {stored.holder_id})


def note_read(user: User, stored: StoredFile) -> None:
    """Let the holder's gate record that `user` opens a file. Call it after `may_read`."""
    if not stored.is_draft:
        file_gates.get(stored.holder_kind)().note_read(user, stored)
