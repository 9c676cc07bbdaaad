"""`manage.py verify_audit`: follow the audit trail and name its first broken link."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from home.audit.models import ChainHead, Entry
from home.audit.trail import HEAD
from home.audit.verification import verify


class Command(BaseCommand):
    """Exit code 0 when the chain holds, 1 when it does not."""

    help = "Follow the audit trail from its first entry and name the first broken link."

    def add_arguments(self, parser: CommandParser) -> None:
        """A head that was written down earlier shows whether the whole trail was rewritten since."""
        parser.add_argument(
            "--expect",
            metavar="NUMBER:HASH",
            default="",
            help="an end of the trail that an earlier run printed, kept outside of this database",
        )

    def handle(self, *args: Any, expect: str = "", **options: Any) -> None:
        """Verify, then print the end of the trail, so that it can be written down elsewhere."""
        broken = verify()
        if broken is not None:
            self._fail(f"The audit trail is broken at {broken}.")
        if expect and not self._stands(expect):
            self._fail(f"The audit trail holds, but entry {expect} that was noted earlier is not in it.")
        head = ChainHead.objects.filter(pk=HEAD).first() or ChainHead()
        self.stdout.write(self.style.SUCCESS(f"The audit trail holds: {head.seq} entries, end {head}"))

    def _stands(self, expect: str) -> bool:
        seq, _colon, digest = expect.partition(":")
        return seq.isdecimal() and Entry.objects.filter(pk=int(seq), hash=digest).exists()

    def _fail(self, message: str) -> None:
        self.stderr.write(self.style.ERROR(message))
        sys.exit(1)
