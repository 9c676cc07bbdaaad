"""`manage.py prepare`: what a deployment runs before it serves."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Migrate, and tell how to open an office that is still empty."""

    help = "Bring the database up to date; on an empty one, print the token of the first run."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run both."""
        call_command("migrate", interactive=False, verbosity=options["verbosity"], stdout=self.stdout)
        call_command("setup_token", if_needed=True, stdout=self.stdout)
