"""Sets Typst templates: a folder with the text and the data, and nothing else to read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NoReturn

import typst

from .job import SOURCE
from .problems import FaultyTemplateError

_USE = re.compile(r"(?<![\w.\x22-])data((?:\.[A-Za-z_][\w-]*)+)")
_METHODS = frozenset(
    "at keys pairs len map filter join sorted first last slice fold enumerate rev find any all sum".split()  # noqa: SIM905
)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_KEY = re.compile(r'does not contain key "([^"]*)"')
_PLACE = re.compile(r"main\.typ:(\d+):\d+")


def render(folder: Path, result: Path, *, fonts: list[str], empty: Path) -> None:
    """Set the template of a folder as a PDF. `empty` stands for the folders of packages."""
    _check_text(folder / SOURCE)
    try:
        typst.compile(
            str(folder / SOURCE),
            output=str(result),
            root=str(folder),
            font_paths=fonts,
            format="pdf",
            package_path=str(empty),
            package_cache_path=str(empty),
        )
    except typst.TypstError as error:
        _explain(error, (folder / SOURCE).read_text(encoding="utf-8"))


def names_of(source: Path) -> list[str]:
    """Return what a template asks of `data` by name, as far as its text shows it (`answers.subject`), sorted."""
    text = _COMMENT.sub("", _check_text(source))
    return sorted({name for use in _USE.findall(text) if (name := _without_methods(use))})


def _without_methods(use: str) -> str:
    """Return `answers.subject` of `.answers.subject.len`."""
    parts = use.lstrip(".").split(".")
    kept = []
    for position, part in enumerate(parts):
        if part in _METHODS and (position == len(parts) - 1) and position > 0:
            break
        kept.append(part)
    return ".".join(kept)


def _check_text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FaultyTemplateError("not_text") from None
    if "\0" in text:
        raise FaultyTemplateError("not_text")
    return text


def _explain(error: typst.TypstError, source: str) -> NoReturn:
    message, found = str(error.message), _PLACE.search(str(error.diagnostic))
    line = int(found.group(1)) if found else 0
    lines = source.splitlines()
    near = lines[line - 1].strip() if 1 <= line <= len(lines) else ""
    detail = f"{message} – {near}" if near else message
    if found_key := _KEY.search(message):
        raise FaultyTemplateError("unknown_name", f"{found_key.group(1)} – {near}", line=line) from error
    if "package" in message:
        raise FaultyTemplateError("packages", near, line=line) from error
    if "escape the project root" in message or "file not found" in message:
        raise FaultyTemplateError("files", near, line=line) from error
    raise FaultyTemplateError("typst", detail, line=line) from error
