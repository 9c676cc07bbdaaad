"""Files of dossiers are read by those who see the dossier."""

from __future__ import annotations

from home.forms.api import FileGate, file_gates
from home.people.api import User

from .models import Dossier


@file_gates.register
class DossierGate(FileGate):
    """The gate of files that are held by a dossier."""

    code = "dossier"

    def may_read(self, user: User, holder_ids: set[str]) -> set[str]:
        """Return which of the dossiers `user` may see."""
        keys = [int(name) for name in holder_ids if name.isdigit()]
        found = Dossier.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)
        return {str(key) for key in found}
