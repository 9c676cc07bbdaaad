"""`manage.py reindex_search`: write the index of the office anew."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from home.base.document_text import read_waiting
from home.base.findable import DocumentText
from home.base.finding import indexed_sources, reindex


class Command(BaseCommand):
    """Write entries anew while the office works; searches go on finding what stands in the index."""

    help = (
        "Writes the search index anew. Name kinds to write only these, --texts to read all documents again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the kinds and `--texts`."""
        parser.add_argument("kinds", nargs="*", help="for example: pages people documents")
        parser.add_argument("--texts", action="store_true", help="read the text of every document again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and say how many entries each kind has."""
        known = [kind for kind, _indexed in indexed_sources()]
        unknown = sorted(set(options["kinds"]) - set(known))
        if unknown:
            raise CommandError(f"Unknown: {', '.join(unknown)}. Known: {', '.join(known)}.")
        if options["texts"]:
            DocumentText.objects.update(state=DocumentText.State.WAITING)
            while read := read_waiting():
                self.stdout.write(f"documents read: {read}")
        for kind, number in reindex(options["kinds"]).items():
            self.stdout.write(f"{kind}: {number}")
