"""The process that opens templates. It gets a folder, does one thing in it, and writes what came of it.

It gets `kind`, `work`, `fonts` and `seconds` in `job.json`; the folder is described in `job.py`. It is started by
`run.py`, knows no setting and reaches no database.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from plugins.api.limits import give_up

from .job import DATA, EMPTY, INSIDE, JOB, OUTSIDE, REPORT, RESULT, SOURCE, WORD
from .problems import FaultyTemplateError


def main(folder: str) -> None:
    """Do the job of a folder."""
    here = Path(folder)
    job = json.loads((here / JOB).read_text(encoding="utf-8"))
    give_up(job["seconds"])
    try:
        report = _do(job, here)
    except FaultyTemplateError as fault:
        report = fault.report()
    except MemoryError:
        report = FaultyTemplateError("too_big").report()
    except BaseException as error:  # a panic of the typesetter is none of Exception's children
        report = FaultyTemplateError("broken", type(error).__name__).report()
    (here / REPORT).write_text(json.dumps(report), encoding="utf-8")


def _do(job: dict[str, Any], here: Path) -> dict[str, Any]:
    """Read the names of a template, or make a paper of it."""
    if job["kind"] == "docx":
        return _word(job["work"], here)
    return _typst(job, here)


def _word(work: str, here: Path) -> dict[str, Any]:
    from . import word

    template = here / INSIDE / WORD
    if work == "names":
        return {"names": word.names_of(template)}
    data = json.loads((here / INSIDE / DATA).read_text(encoding="utf-8"))
    word.render(template, data, here / OUTSIDE / RESULT)
    return {}


def _typst(job: dict[str, Any], here: Path) -> dict[str, Any]:
    from . import typesetting

    if job["work"] == "names":
        return {"names": typesetting.names_of(here / INSIDE / SOURCE)}
    empty = here / EMPTY
    typesetting.render(here / INSIDE, here / OUTSIDE / RESULT, fonts=job["fonts"], empty=empty)
    return {}


if __name__ == "__main__":
    main(sys.argv[1])
