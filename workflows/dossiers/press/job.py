"""The folder through which the two processes speak: what lies where in it."""

from __future__ import annotations

#: Read by the worker: the job, and what the template may see.
JOB, INSIDE = "job.json", "in"
WORD, SOURCE, DATA = "template.docx", "main.typ", "data.json"
#: Written by the worker.
OUTSIDE, RESULT, REPORT = "out", "result", "report.json"
#: Always empty: where packages would be looked for.
EMPTY = "empty"
