"""Looks into a Word file before anything opens it: what it holds, what it points to, how big it really is."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring

from .problems import FaultyTemplateError

MIB = 1024 * 1024
MAX_PARTS = 2_000
MAX_PART, MAX_WHOLE = 16 * MIB, 48 * MIB
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: What a relation may point to outside of the file: an address to click on, and nothing that Word fetches by itself.
_LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
#: Kinds of relation that run or fetch something, wherever they point to.
_FORBIDDEN = frozenset(
    "attachedTemplate oleObject control package subDocument aFChunk frame vbaProject".split()  # noqa: SIM905
)
#: Fields that fetch something when the paper is opened.
_FIELDS = re.compile(
    r"\b(INCLUDEPICTURE|INCLUDETEXT|INCLUDE|DDEAUTO|DDE|LINK|IMPORT|DATABASE|RD)\b", re.IGNORECASE
)
_MACROS = re.compile(r"vbaProject|macroEnabled|activeX|ms-office\.vba", re.IGNORECASE)


def check_package(path: Path) -> None:
    """Raise `FaultyTemplateError` for anything but a plain Word document of bounded size."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = _read(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise FaultyTemplateError("not_word") from None
    _check_types(parts)
    for name, content in parts.items():
        if _MACROS.search(name):
            raise FaultyTemplateError("macros", name)
        if name.startswith("word/embeddings/"):
            raise FaultyTemplateError("embedded", name)
        if name.endswith((".xml", ".rels")):
            _check_xml(name, content)


def _read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Return every part, counting what really comes out: the sizes that a file states may be lies."""
    entries = archive.infolist()
    if len(entries) > MAX_PARTS:
        raise FaultyTemplateError("too_big")
    found: dict[str, bytes] = {}
    whole = 0
    for entry in entries:
        if entry.filename.startswith("/") or ".." in entry.filename.split("/") or entry.filename in found:
            raise FaultyTemplateError("not_word", entry.filename)
        with archive.open(entry) as stream:
            content = stream.read(MAX_PART + 1)
        whole += len(content)
        if len(content) > MAX_PART or whole > MAX_WHOLE:
            raise FaultyTemplateError("too_big", entry.filename)
        found[entry.filename] = content
    return found


def _check_types(parts: dict[str, bytes]) -> None:
    types = parts.get("[Content_Types].xml", b"").decode("utf-8", errors="replace")
    if _MACROS.search(types):
        raise FaultyTemplateError("macros", "[Content_Types].xml")
    if MAIN not in types or "word/document.xml" not in parts:
        raise FaultyTemplateError("not_word")


def _check_xml(name: str, content: bytes) -> None:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise FaultyTemplateError("doctype", name)
    try:
        # Without a document type there are no entities to blow up, and the size is bounded.
        tree = fromstring(content)  # noqa: S314
    except ParseError:
        raise FaultyTemplateError("not_word", name) from None
    if name.endswith(".rels"):
        _check_relations(name, tree)
    else:
        _check_fields(name, tree)


def _check_relations(name: str, tree: Element) -> None:
    for relation in tree.iter(_RELATION):
        kind, target = relation.get("Type", "").rsplit("/", 1)[-1], relation.get("Target", "")
        if kind in _FORBIDDEN:
            raise FaultyTemplateError("external", f"{name}: {kind} {target}")
        outside = relation.get("TargetMode", "").lower() == "external" or "://" in target
        if outside and not (kind == "hyperlink" and _LINK.match(target)):
            raise FaultyTemplateError("external", f"{name}: {kind} {target}")


def _check_fields(name: str, tree: Element) -> None:
    """Refuse fields that fetch; their words may be spread over several pieces of text."""
    simple = [field.get(f"{_WORD}instr", "") for field in tree.iter(f"{_WORD}fldSimple")]
    spread = "".join(piece.text or "" for piece in tree.iter(f"{_WORD}instrText"))
    for text in (*simple, spread):
        if found := _FIELDS.search(text):
            raise FaultyTemplateError("field", f"{name}: {found.group()}")
