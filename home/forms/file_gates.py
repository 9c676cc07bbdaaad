"""The gate of files that belong to a submission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .gates import FileGate, file_gates
from .models import StoredFile, Submission
from .reading import note_record
from .submissions import HOLDER

if TYPE_CHECKING:
    from home.people.models import User


@file_gates.register
class SubmissionGate(FileGate):
    """Whoever may read the submission may read its files."""

    code = HOLDER

    def may_read(self, user: User, holder_ids: set[str]) -> set[str]:
        """Ask the gate of submissions."""
        ids = [int(name) for name in holder_ids if name.removeprefix("-").isdigit()]
        return {
            str(pk)
            for pk in Submission.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)
        }

    def note_read(self, user: User, stored: StoredFile) -> None:
        """Put on record that a reader opens a file of somebody else's answer."""
        found = Submission.objects.filter(pk=int(stored.holder_id)).first()
        if found is not None:
            note_record("file_read", found, by=user, file=str(stored.pk))
