"""`manage.py load_demo`: load the demo office."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from .load_profile import Command as LoadProfile


class Command(LoadProfile):
    """Load the profile `demo`."""

    help = "Load the demo office (profile `demo`), all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        self.add_common_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the profile called demo."""
        super().handle(*args, **{**options, "name": "demo"})
