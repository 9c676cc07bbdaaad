"""`manage.py flush`: Django's own, which has to lift the triggers of the audit trail to empty its tables.

The test suite empties databases with this command; so do administrators, who are asked first.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands.flush import Command as Flush
from django.db import connections, transaction

from home.audit import triggers


class Command(Flush):
    """Empty every table, the audit trail included, and leave its triggers as they were."""

    def handle(self, **options: Any) -> None:
        """Lift the triggers for the time of one transaction."""
        connection = connections[options["database"]]
        with transaction.atomic(using=connection.alias), triggers.lifted(connection):
            super().handle(**options)
