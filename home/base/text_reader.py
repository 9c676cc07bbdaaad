"""The process that reads the text of one document. It is started by `document_text.py` and knows no setting.

It finds `document` and `job.json` (`ending`, `most`, `seconds`) in its folder and writes `report.json`: the text, or
why there is none (`broken`, `locked`, `empty`, `too_big`).
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from plugins.api.limits import give_up

DOCUMENT, JOB, REPORT = "document", "job.json", "report.json"
#: Bytes of one part of a Word document, unpacked.
MOST_UNPACKED = 64 * 1024 * 1024
_MOST_PAGES = 2_000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OPEN = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


class UnreadableError(Exception):
    """A document without text for us; the message is the reason's code."""


def main(folder: str) -> None:
    """Read the document of a folder."""
    here = Path(folder)
    job = json.loads((here / JOB).read_text(encoding="utf-8"))
    give_up(job["seconds"])
    try:
        report = {"text": _read(here / DOCUMENT, job["ending"], job["most"])}
    except UnreadableError as fault:
        report = {"reason": str(fault)}
    except (MemoryError, RecursionError):
        report = {"reason": "too_big"}
    except Exception:  # whatever a parser stumbles over, it is the document that is broken
        report = {"reason": "broken"}
    (here / REPORT).write_text(json.dumps(report), encoding="utf-8")


def _read(path: Path, ending: str, most: int) -> str:
    readers = {"pdf": _pdf, "docx": _docx, "odt": _odt, "txt": _txt}
    parts: list[str] = []
    size = 0
    for part in readers[ending](path):
        parts.append(part)
        size += len(part) + 1
        if size > most:
            break
    text = " ".join(" ".join(parts).replace("\0", " ").split())[:most]
    if not text:
        raise UnreadableError("empty")
    return text.encode("utf-8", "ignore").decode("utf-8")  # no half of a surrogate


def _pdf(path: Path) -> Iterator[str]:
    from pypdf import PdfReader

    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableError("locked")
    for page in reader.pages[:_MOST_PAGES]:
        yield page.extract_text()


def _docx(path: Path) -> Iterator[str]:
    yield from _xml(path, "word/document.xml", {f"{_WORD}p"}, {f"{_WORD}t"}, {f"{_WORD}tab", f"{_WORD}br"})


def _odt(path: Path) -> Iterator[str]:
    yield from _xml(path, "content.xml", {f"{_OPEN}p", f"{_OPEN}h"}, None, set())


def _xml(
    path: Path, name: str, paragraphs: set[str], texts: set[str] | None, gaps: set[str]
) -> Iterator[str]:
    """Yield the paragraphs of an XML part, without ever holding the whole of it or resolving an entity."""
    from lxml import etree

    with zipfile.ZipFile(path) as archive:
        if archive.getinfo(name).file_size > MOST_UNPACKED:
            raise UnreadableError("too_big")
        with archive.open(name) as stream:
            for _event, element in etree.iterparse(
                stream, events=("end",), tag=tuple(paragraphs), resolve_entities=False, no_network=True
            ):
                yield _paragraph(element, texts, gaps)
                element.clear()


def _paragraph(element: object, texts: set[str] | None, gaps: set[str]) -> str:
    """Return the text of a paragraph; `texts` names the elements that hold it, None: all do."""
    if texts is None:
        return "".join(element.itertext())  # type: ignore[attr-defined]
    found = []
    for inner in element.iter():  # type: ignore[attr-defined]
        if inner.tag in texts:
            found.append(inner.text or "")
        elif inner.tag in gaps:
            found.append(" ")
    return "".join(found)


def _txt(path: Path) -> Iterator[str]:
    yield path.read_bytes().decode("utf-8-sig", "replace")
