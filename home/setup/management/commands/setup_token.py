"""`manage.py setup_token`: print the token that opens the wizard of the first run."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from home.setup.door import SetupClosedError, current_token


class Command(BaseCommand):
    """Print address and token."""

    help = "Print the token that opens the wizard of the first run; each token opens it once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--if-needed", action="store_true", help="say nothing when the office is open already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, or fail when there is nothing to set up."""
        try:
            token = current_token()
        except SetupClosedError:
            if options["if_needed"]:
                return
            raise CommandError(
                "This office is open already: people are in it. There is nothing to set up."
            ) from None
        address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("setup")
        self.stdout.write(f"This office is empty. Open {address}\nand enter the token {token}")
