"""Move running dossiers of a type to another version; looks only, unless told to execute."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from home.people.api import User
from workflows.dossiers.api import FlowVersion
from workflows.engine.errors import InvalidActError, NotVisibleError
from workflows.engine.migrating import Move, migrate, plan_migration


class Command(BaseCommand):
    """`manage.py migrate_dossiers TYPE --from 1 --to 2 [--map old=new …] [--execute --by USERNAME]`."""

    help = (
        "Show what would become of the open dossiers of a version on another one, or move them (--execute)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the type, both versions, and the steps that are called otherwise."""
        parser.add_argument("type", help="code of the dossier type")
        parser.add_argument("--from", dest="source", type=int, required=True, metavar="NUMBER")
        parser.add_argument("--to", dest="target", type=int, required=True, metavar="NUMBER")
        parser.add_argument("--map", dest="pairs", action="append", default=[], metavar="OLD=NEW")
        parser.add_argument("--execute", action="store_true", help="move them; without it nothing is changed")
        parser.add_argument("--by", metavar="USERNAME", help="the administrator who moves them")
        parser.add_argument("--reason", default="", help="kept with each dossier")
        parser.add_argument("--new-clocks", action="store_true", help="due dates of the new version")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each dossier; exit code 1 when one of them could not be moved."""
        source, target = (self._version(options["type"], options[key]) for key in ("source", "target"))
        renamed = self._mapping(options["pairs"])
        try:
            moves = (
                migrate(
                    source,
                    target,
                    renamed,
                    by=self._person(options["by"]),
                    new_clocks=options["new_clocks"],
                    reason=options["reason"],
                )
                if options["execute"]
                else plan_migration(source, target, renamed)
            )
            stay = self._report(moves)
        except InvalidActError as error:
            raise CommandError(error.message) from error
        except NotVisibleError as error:
            raise CommandError("Only administrators of the office move dossiers.") from error
        if stay:
            raise CommandError(f"{stay} dossiers stay on version {source.number}.")

    def _report(self, moves: Any) -> int:
        stay = count = 0
        for move in moves:
            count += 1
            stay += not move.moves
            self.stdout.write(_line(move))
        self.stdout.write(f"{count - stay} of {count} dossiers can be moved or were.")
        return stay

    def _version(self, code: str, number: int) -> FlowVersion:
        found = FlowVersion.objects.filter(type__code=code, number=number).select_related("type").first()
        if found is None:
            raise CommandError(f"{code} has no version {number}.")
        return found

    def _mapping(self, pairs: list[str]) -> dict[str, str]:
        for pair in pairs:
            if pair.count("=") != 1:
                raise CommandError(f"--map {pair!r} is not OLD=NEW.")
        return dict(pair.split("=") for pair in pairs)

    def _person(self, username: str | None) -> User:
        person = User.objects.filter(username=username or "", is_active=True).first()
        if person is None:
            raise CommandError("--execute needs --by with the user name of an active administrator.")
        return person


def _line(move: Move) -> str:
    if not move.moves:
        return f"{move.number}: stays. {move.reason}"
    places = ", ".join(old if old == new else f"{old} → {new}" for old, new in move.steps)
    return f"{move.number}: moves ({places})"
