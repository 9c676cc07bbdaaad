"""`manage.py import_people FILE [--apply]`: departments, positions and people from Excel or CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.people.importing import FileRefusedError, run


class Command(BaseCommand):
    """Without --apply a dry run."""

    help = "Check a file of departments, positions and people, and with --apply import it, all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a file, and whether to store."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="store it; without this, only check")

    def handle(self, *args: Any, file: Path, apply: bool = False, **options: Any) -> None:
        """Print every bad row, or the counts."""
        try:
            with file.open("rb") as stream:
                result = run(stream, apply=apply)
        except (OSError, FileRefusedError) as error:
            raise CommandError(str(error)) from error
        for problem in result.problems:
            self.stderr.write(str(problem))
        if not result.ok:
            raise CommandError(f"{len(result.problems)} problems. Nothing was imported.")
        for kind, counts in result.counts.items():
            self.stdout.write(
                f"{kind}: " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items()) if n)
            )
        self.stdout.write("Imported." if result.applied else "Dry run: nothing was imported. Add --apply.")
