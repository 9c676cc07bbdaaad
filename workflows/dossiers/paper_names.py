"""What a paper template may name, and how its file is called: the vocabulary that steps fill and templates use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

#: The parts of a moment: `26/11/2026`, `26/11/2026 14:05`, `14:05`, `26`, `11`, `2026`, `ngày 26 tháng 11 năm 2026`.
MOMENT = ("text", "full", "time", "day", "month", "year", "words", "iso")
#: What is known of one decision.
DECISION = (
    *("step", "title", "done", "outcome", "code", "name", "position", "department", "on_behalf_of"),
    *("capacity", "document", "note", "at"),
)
DOSSIER = (
    *("number", "subject", "type", "state", "opened", "due", "submitter", "submitter_position"),
    *("department", "department_code"),
)
#: Every name at the top, with the names below it; None where the form, the flow or the template says which there are.
KNOWN: Mapping[str, tuple[str, ...] | None] = {
    "dossier": DOSSIER,
    "answers": None,
    "values": None,
    "spelled": None,
    "labels": None,
    "decisions": None,
    "steps": None,
    "unit": ("code", "name"),
    "office": ("name",),
    "today": MOMENT,
}
#: What a file name may name beside the keys of questions.
FILE_NAMES = ("number", "title", "subject", "type", "date", "unit")

MAX_FILE_NAME = 120
_PLACE = re.compile(r"\{([^{}]*)\}")
#: What file systems and browsers take amiss.
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def unknown_names(names: Iterable[str]) -> list[str]:
    """Return those of the variables of a template (`dossier.number`) that no dossier has, whatever its form is."""
    found = []
    for name in names:
        head, *below = name.split(".")
        inner = KNOWN.get(head, ())
        if head not in KNOWN or (below and inner is not None and below[0] not in inner):
            found.append(name)
    return found


def known_words() -> str:
    """Return all known variables in one line, for people who made a mistake."""
    return ", ".join(
        f"{head}.…" if inner is None else ", ".join(f"{head}.{name}" for name in inner)
        for head, inner in KNOWN.items()
    )


def unknown_places(pattern: str, keys: Iterable[str]) -> list[str] | None:
    """Return what a file-name pattern names and nobody knows; None for braces that do not fit together."""
    if set("{}") & set(_PLACE.sub("", pattern)):
        return None
    known = {*FILE_NAMES, *keys}
    return [name for name in _PLACE.findall(pattern) if name not in known]


def file_name(pattern: str, values: Mapping[str, str]) -> str:
    """Return the name of a file without its extension: literal text and `{names}`, no other language."""
    text = _PLACE.sub(lambda found: values.get(found.group(1), ""), pattern)
    text = " ".join(_UNSAFE.sub("-", text).split()).strip(" .-")
    return text[:MAX_FILE_NAME].rstrip(" .-") or "paper"
