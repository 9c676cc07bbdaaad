"""Answers taken out of the site: memory must not grow with their number."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

from bench.context import ROOT, Context
from bench.registry import Result, row

ANSWERS = 100_000
QUESTIONS = 10
#: Peak memory of the whole process, Django included.
MOST_MIB = 200
_SOURCE = "bench:export"
_BATCH = 2_000

#: Runs in a process of its own, so that its peak is that of the export alone. Content is thrown away, not collected.
_EXPORT = """
import json, sys, time
import django
django.setup()
from home.forms.export import csv_lines, json_parts, rows, xlsx_file, zip_parts
from home.forms.models import Submission
answers = Submission.objects.filter(source="bench:export")
started, size = time.process_time(), 0
if sys.argv[1] == "xlsx":
    stream = xlsx_file(rows(answers))
    size = stream.seek(0, 2)
else:
    parts = {"csv": lambda: csv_lines(rows(answers)), "json": lambda: json_parts(answers, title="x"),
             "zip": lambda: zip_parts(answers, title="x")}[sys.argv[1]]()
    for part in parts:
        size += len(part)
ms = (time.process_time() - started) * 1000
# Not getrusage: its peak begins with that of the process that started this one.
status = open("/proc/self/status").read()
peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
print(json.dumps({"ms": ms, "mib": peak, "size": size}))
"""


def _fill() -> None:
    """Store so many answers, unless they are there from an earlier row."""
    from bench.forms import posted_to, schema_of
    from bench.office import officer
    from home.forms.api import Submission, build_form, freeze

    if Submission.objects.filter(source=_SOURCE).count() == ANSWERS:
        return
    schema, giver = schema_of(QUESTIONS), officer()
    form = build_form(schema, user=giver, data=posted_to(schema))
    if not form.is_valid():
        raise RuntimeError(f"The measured form has mistakes: {form.errors.as_text()}")
    frozen, answers = freeze(schema), form.answers()
    for start in range(0, ANSWERS, _BATCH):
        Submission.objects.bulk_create(
            Submission(
                schema=frozen,
                by=giver,
                source=_SOURCE,
                handler="store",
                key=str(number),
                answers={**answers, "q0": f"Câu trả lời thứ {number}"},
            )
            for number in range(start, start + _BATCH)
        )


@row("export.answers")
def export_answers(context: Context) -> Iterator[Result]:
    """Export 100,000 answers of ten questions in each format, each in a fresh process."""
    _fill()
    for kind in ("csv", "xlsx", "json", "zip"):
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", _EXPORT, kind], cwd=ROOT, check=True, capture_output=True, text=True
        )
        found = json.loads(done.stdout)
        peak = round(found["mib"])
        yield Result(
            f"export.answers.{kind}",
            context.database,
            f"{ANSWERS:,} answers, peak {peak} MiB",
            found["ms"],
            goal=f"≤ {MOST_MIB} MiB peak",
            ok=peak <= MOST_MIB and found["size"] > ANSWERS,  # packed rows take some bytes each
        )
