"""Who may read files that belong to stamps."""

from home.forms.api import FileGate, file_gates
from home.people.api import User, is_office_admin


@file_gates.register
class StampGate(FileGate):
    """Pictures of stamps are for the office's administrators."""

    code = "stamp"

    def may_read(self, user: User, holder_ids: set[str]) -> set[str]:
        """Return all of them, or none."""
        return holder_ids if is_office_admin(user) else set()
