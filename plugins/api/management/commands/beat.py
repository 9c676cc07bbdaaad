"""`manage.py beat`: run scheduled jobs."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from threading import Event
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from plugins.api.beat import Beat, run_forever
from plugins.api.jobs import jobs


class Command(BaseCommand):
    """Run scheduled jobs, each due moment once, whatever the number of beats."""

    help = "Runs scheduled jobs until it is asked to stop; several may run at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--once` and `--list`."""
        parser.add_argument("--once", action="store_true", help="run what is due now, and stop")
        parser.add_argument("--list", action="store_true", help="list the jobs and their schedules, and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT; running jobs are finished."""
        if options["list"]:
            for job in jobs:
                self.stdout.write(f"{job.schedule:<16} {job.code:<28} {job.label}")
        elif options["once"]:
            self.stdout.write(f"{Beat(catch_up=True).tick()} job(s) run")
        else:
            stop = Event()

            def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
                stop.set()

            signal.signal(signal.SIGTERM, ask_to_stop)
            signal.signal(signal.SIGINT, ask_to_stop)
            self.stdout.write(f"Beat: {len(jobs)} jobs")
            run_forever(stop)
