"""Word and Typst templates for tests."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx

from tests.factories.flows import approve, definition
from workflows.dossiers.api import PaperTemplate, PaperTemplateVersion, check_template, save_template

TYPST = """#let data = json("data.json")
#set text(font: "Libertinus Serif", lang: "vi")
= #data.dossier.subject
Số: #data.dossier.number
#data.answers.amount
#data.steps.sign.capacity #data.steps.sign.name
"""
LETTER = (
    "Số: {{ dossier.number }}",
    "Kính trình: {{ answers.subject }} – {{ answers.amount }}",
    "{%p for one in decisions %}",
    "{{ one.title }}: {{ one.outcome }} ({{ one.capacity }} {{ one.name }})",
    "{%p endfor %}",
    "{{ today.words }}",
)
STEP = {"id": "letter", "kind": "paper", "title": "Soạn tờ trình", "template": "to-trinh"}
SIGN = approve("sign", {"position": "chair", "department": "LD"})


def word(*paragraphs: str, header: str = "") -> bytes:
    """Return a Word document with these paragraphs."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def lines_of(content: bytes) -> list[str]:
    """Return the paragraphs of a Word document."""
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def rezipped(content: bytes, changes: dict[str, bytes | None] | None = None) -> bytes:
    """Return a Word document with some of its parts replaced, added, or (None) left out."""
    parts: dict[str, Any] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in (parts | (changes or {})).items():
            if body is not None:
                archive.writestr(name, body)
    return stream.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    """Return one part of a Word document."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def make_template(code: str = "to-trinh", *, content: bytes | None = None, **values: Any) -> PaperTemplate:
    """Return a new template with one version: a letter in Word, unless a kind or a content is given."""
    kind = values.setdefault("kind", "docx")
    template = PaperTemplate.objects.create(code=code, **{"title": "Tờ trình", **values})
    upload(template, content if content is not None else TYPST.encode() if kind == "typst" else word(*LETTER))
    return template


def upload(template: PaperTemplate, content: bytes, **values: Any) -> PaperTemplateVersion:
    """Return the next version of a template."""
    name = "mau.docx" if template.kind == "docx" else "mau.typ"
    checked = check_template(template.kind, name, content)
    version = save_template(template, by=values.pop("by", None), file=checked, **values)
    assert version is not None
    return version


def letter_flow(*steps: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Return a flow that makes a letter and then asks the chair."""
    return definition(STEP | options, *(steps or (SIGN,)))
