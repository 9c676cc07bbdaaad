"""`manage.py remove_demo`: remove the invented office, and nothing of one's own."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.setup.demo import Line, demo_names, remove_demo, try_removal
from plugins.api.api import RemovalError


class Command(BaseCommand):
    """Tell what would go, and remove it when that is confirmed."""

    help = "Remove what the demo profile has made. Own content stays; the audit trail is never touched."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("name", nargs="?", default="demo", help="the demo profile; `demo` unless given")
        parser.add_argument("--yes", action="store_true", help="remove it; without, only tell what would go")

    def handle(self, *args: Any, **options: Any) -> None:
        """Report, and remove."""
        name = options["name"]
        try:
            report = remove_demo(name) if options["yes"] else try_removal(name)
        except RemovalError as error:
            known = ", ".join(demo_names()) or "none"
            raise CommandError(f"{error} Can be removed: {known}.") from None
        self._say("Removed" if options["yes"] else "Would be removed", report.gone)
        self._say("Switched off, because the history names them", report.switched_off)
        self._say("Stays: edited since", report.edited)
        self._say("Stays: something of your own stands on it", report.used)
        if not options["yes"]:
            self.stdout.write("Nothing was changed. `manage.py remove_demo --yes` removes it.")

    def _say(self, heading: str, lines: list[Line]) -> None:
        if lines:
            self.stdout.write(f"{heading}:")
        for line in lines:
            names = f" ({line.names})" if line.names else ""
            self.stdout.write(f"  {line.kind}: {line.count}{names}")
