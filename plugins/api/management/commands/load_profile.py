"""`manage.py load_profile NAME`: load a profile of the office or of a plugin."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plugins.api.profile_context import ProfileContext
from plugins.api.profile_yaml import ProfileError
from plugins.api.profiles import load_profile


class Command(BaseCommand):
    """Load a profile, all or nothing."""

    help = "Load a profile (site/profiles/<name>, or a plugin's own under its label), all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("name", help="folder below site/profiles, or the label of a plugin")
        self.add_common_arguments(parser)

    def add_common_arguments(self, parser: CommandParser) -> None:
        """Declare what `load_demo` shares."""
        parser.add_argument("--dry-run", action="store_true", help="try everything, keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report."""
        verbose = options["verbosity"] > 1
        try:
            context = load_profile(
                options["name"],
                dry_run=options["dry_run"],
                say=self.stdout.write if verbose else None,
            )
        except ProfileError as error:
            count = len(error.problems)
            raise CommandError(f"Nothing was loaded, {count} problem(s) found:\n{error}") from None
        if options["verbosity"]:
            self.report(context)

    def report(self, context: ProfileContext) -> None:
        """Print one line for each kind of row, then the notes."""
        lines: dict[str, list[str]] = defaultdict(list)
        for (what, outcome), number in sorted(context.counts.items()):
            lines[what].append(f"{number} {outcome}")
        for what, outcomes in lines.items():
            self.stdout.write(f"  {what}: {', '.join(outcomes)}")
        if context.dry_run:
            self.stdout.write("Dry run: nothing was kept.")
        for note in context.notes:
            self.stdout.write(note)
