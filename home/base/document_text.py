"""The text of documents: read in the background after an upload, in a process that may do no harm.

Whatever a file holds, there is a row afterwards: with the text, or with the reason why there is none.
"""

from __future__ import annotations

import json
import logging
import tempfile
from pathlib import Path
from typing import Any

from django_tasks import task
from wagtail.documents import get_document_model

from plugins.api.api import run_confined

from .findable import SEARCHED_TEXT, DocumentText
from .finding import put_in_index
from .text_reader import DOCUMENT, JOB, REPORT

logger = logging.getLogger(__name__)

MIB = 1024 * 1024
#: What is larger is found by its title only.
MAX_FILE = 50 * MIB
MAX_REPORT = 8 * MIB
#: Seconds of processor time and of the clock that one document may take.
SECONDS, PATIENCE = 20, 40
ENDINGS = frozenset({"pdf", "docx", "odt", "txt"})


def text_of(document: Any) -> str:
    """Return what was read in the file that a document has now; empty while nothing was."""
    row = DocumentText.objects.filter(document_id=document.pk, file=document.file.name).first()
    return row.text if row is not None else ""


def ask_for_text(document: Any) -> None:
    """Have the text read in the background, unless the file of the document has been read already."""
    if DocumentText.objects.filter(document_id=document.pk, file=document.file.name).exists():
        return
    values = {
        "file": document.file.name,
        "state": DocumentText.State.WAITING,
        "reason": "",
        "text": "",
    }
    DocumentText.objects.update_or_create(document_id=document.pk, defaults=values)
    read_document.enqueue(document.pk)


@task()
def read_document(pk: int) -> None:
    """Read one document and put it into the index; running it again does no harm."""
    document = get_document_model().objects.filter(pk=pk).first()
    if document is None:
        DocumentText.objects.filter(document_id=pk).delete()
        return
    text, reason = _read(document)
    DocumentText.objects.update_or_create(
        document_id=pk,
        defaults={
            "file": document.file.name,
            "state": DocumentText.State.FAILED if reason else DocumentText.State.READ,
            "reason": reason,
            "text": text,
        },
    )
    put_in_index([document])


def read_waiting() -> int:
    """Read what was asked for and not read (a worker was killed), and what has never been; return how many."""
    documents = get_document_model().objects.order_by("pk")
    done = DocumentText.objects.exclude(state=DocumentText.State.WAITING).order_by().values("document_id")
    waiting = list(documents.exclude(pk__in=done).values_list("pk", flat=True)[:200])
    for pk in waiting:
        try:
            read_document.call(pk)
        except (
            Exception
        ):  # a storage that is away: the next document may lie elsewhere, and this one is tried again
            logger.exception("The text of document %s could not be read.", pk)
    DocumentText.objects.exclude(document_id__in=documents.order_by().values("pk")).delete()
    return len(waiting)


def _read(document: Any) -> tuple[str, str]:
    """Return the text of a document, or the code of the reason why there is none."""
    ending = str(document.file_extension).lower()
    if ending not in ENDINGS:
        return "", "kind"
    try:
        if document.file.size > MAX_FILE:
            return "", "too_big"
        with tempfile.TemporaryDirectory(prefix="congso-text-") as name:
            return _read_in(Path(name), document, ending)
    except OSError as error:
        logger.warning("The file of document %s cannot be opened: %s", document.pk, error)
        return "", "missing"


def _read_in(folder: Path, document: Any, ending: str) -> tuple[str, str]:
    with document.file.open("rb") as stream, (folder / DOCUMENT).open("wb") as copy:
        for chunk in stream.chunks():
            copy.write(chunk)
    job = {"ending": ending, "most": SEARCHED_TEXT, "seconds": SECONDS}
    (folder / JOB).write_text(json.dumps(job), encoding="utf-8")
    if not run_confined("home.base.text_reader", folder, patience=PATIENCE):
        return "", "too_long"
    report = folder / REPORT
    if not report.exists():  # the limits ended it
        return "", "too_long"
    if report.stat().st_size > MAX_REPORT:
        return "", "too_big"
    found = json.loads(report.read_text(encoding="utf-8"))
    return str(found.get("text", "")), str(found.get("reason", ""))
