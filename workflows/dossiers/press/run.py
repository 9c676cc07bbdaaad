"""Has papers made: starts the process that opens templates, waits for it, and puts what went wrong into words."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plugins.api.api import run_confined

from .job import DATA, EMPTY, INSIDE, JOB, OUTSIDE, REPORT, RESULT, SOURCE, WORD

MIB = 1024 * 1024
MAX_TEMPLATE, MAX_DATA, MAX_RESULT, MAX_REPORT = 10 * MIB, 8 * MIB, 20 * MIB, MIB
#: Seconds of processor time and of the clock that one paper may take.
SECONDS, PATIENCE = 20, 40
DOCX, TYPST = "docx", "typst"

#: Two threads, so that the limit of memory means the same on every machine.
_ENVIRONMENT = {"RAYON_NUM_THREADS": "2"}

_WORDS: dict[str, str | Promise] = {
    "not_word": gettext_lazy("The file is no Word document (.docx): %(detail)s"),
    "not_text": gettext_lazy("The file is no Typst text in UTF-8."),
    "macros": gettext_lazy("The file holds macros. Save it as a plain Word document (.docx)."),
    "embedded": gettext_lazy("The file holds an embedded object (%(detail)s). Take it out."),
    "external": gettext_lazy(
        "The file points to something outside of it (%(detail)s). Put pictures into the file, "
        "and detach it from its template."
    ),
    "field": gettext_lazy("The file holds a field that fetches something (%(detail)s). Take it out."),
    "doctype": gettext_lazy(
        "The file declares a document type of its own (%(detail)s), which Word never does."
    ),
    "too_big": gettext_lazy("The template, or the paper made of it, is too big: %(detail)s"),
    "too_long": gettext_lazy("The paper took too long or too much memory. Is there a loop without an end?"),
    "unknown_name": gettext_lazy("There is no such variable: %(detail)s"),
    "forbidden": gettext_lazy("The template asks for something that templates may not do: %(detail)s"),
    "syntax": gettext_lazy("The marks {{ }} or {%% %%} cannot be read: %(detail)s"),
    "failed": gettext_lazy("The template cannot be filled in: %(detail)s"),
    "typst": gettext_lazy("The template cannot be set: %(detail)s"),
    "packages": gettext_lazy("Templates use no packages: %(detail)s"),
    "files": gettext_lazy("Templates read no file but data.json: %(detail)s"),
    "broken": gettext_lazy("The template cannot be used: %(detail)s"),
}


class PressError(Exception):
    """A template that cannot be used; `code` is stable, the message is in the active language."""

    def __init__(self, code: str, detail: str = "", line: int = 0) -> None:
        self.code, self.detail, self.line = code, detail, line
        words = str(_WORDS.get(code, _WORDS["broken"])) % {"detail": detail or "…"}
        where = _("Line %(line)s.") % {"line": line} + " " if line else ""
        super().__init__(where + words)


def names_of(kind: str, template: bytes) -> list[str]:
    """Return the variables that a template uses. Raises `PressError` for one that may not be used at all."""
    found: list[str] = _work(kind, "names", template, {})[0].get("names", [])
    return found


def press(kind: str, template: bytes, data: Mapping[str, Any]) -> bytes:
    """Return the paper that a template (`docx` or `typst`) makes of plain JSON data. Raises `PressError`."""
    return _work(kind, "paper", template, data)[1]


def _work(kind: str, work: str, template: bytes, data: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    text = json.dumps(data, ensure_ascii=False).encode()
    if len(template) > MAX_TEMPLATE or len(text) > MAX_DATA:
        raise PressError("too_big", f"{max(len(template), len(text)) // MIB} MB")
    with tempfile.TemporaryDirectory(prefix="congso-paper-") as name:
        folder = Path(name)
        _lay_out(folder, kind, work, template, text)
        _start(folder)
        report = _report(folder)
        if "error" in report:
            raise PressError(report["error"], report["detail"], report["line"])
        return report, _result(folder) if work == "paper" else b""


def _lay_out(folder: Path, kind: str, work: str, template: bytes, text: bytes) -> None:
    for inner in (INSIDE, OUTSIDE, EMPTY):
        (folder / inner).mkdir()
    (folder / INSIDE / (WORD if kind == DOCX else SOURCE)).write_bytes(template)
    (folder / INSIDE / DATA).write_bytes(text)
    fonts = [str(settings.PAPER_FONTS)] if Path(settings.PAPER_FONTS).is_dir() else []
    job = {"kind": kind, "work": work, "fonts": fonts, "seconds": SECONDS}
    (folder / JOB).write_text(json.dumps(job), encoding="utf-8")


def _start(folder: Path) -> None:
    """Run the worker to its end, or to the end of our patience."""
    worker = f"{__package__}.worker"
    if not run_confined(worker, folder, patience=PATIENCE, environment=_ENVIRONMENT):
        raise PressError("too_long")


def _report(folder: Path) -> dict[str, Any]:
    path = folder / REPORT
    if not path.exists():  # the limits ended it
        raise PressError("too_long")
    if path.stat().st_size > MAX_REPORT:
        raise PressError("too_big")
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return report


def _result(folder: Path) -> bytes:
    path = folder / OUTSIDE / RESULT
    if path.stat().st_size > MAX_RESULT:
        raise PressError("too_big", f"{path.stat().st_size // MIB} MB")
    return path.read_bytes()
