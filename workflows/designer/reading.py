"""What a draft means as a definition, and a definition as a draft: exact both ways."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils.translation import gettext as _

from home.forms.api import Problem, SchemaError, definition_of, stream_of
from home.people.api import Department, fold
from workflows.definitions.api import Definition
from workflows.dossiers.api import DossierType
from workflows.steps.blocks.api import LEVELS, NOTHING, TooDeepError, asked_in, both_languages, steps_part

from .models import FlowDraft

#: The field of the draft that holds what a definition has at a place.
_FIELDS = {
    "register.code": "register_code",
    "register.pattern": "register_pattern",
    "register": "register_code",
    "start": "start_departments",
    "form": "form",
    "flow": "flow",
}
_PART = re.compile(r"([a-z_]+)((?:\[\d+\])?)")


def data_of(draft: FlowDraft) -> dict[str, Any]:
    """Return the definition that a draft describes, as `Definition.parse` takes it; it may be incomplete."""
    data = {
        "code": code_of(draft),
        "title": both_languages(draft.title, draft.title_en),
        "summary": both_languages(draft.summary, draft.summary_en),
        "department": draft.department.code if draft.department is not None else NOTHING,
        "register": _given({"code": draft.register_code, "pattern": draft.register_pattern}),
        "days": NOTHING if draft.days is None else draft.days,
        "start": _start(draft),
        "subject": draft.subject or NOTHING,
        "form": _form(draft),
    }
    found = {name: value for name, value in data.items() if value is not NOTHING}
    # What a condition compares with is written by the kind of the question, so the questions are read first.
    found["flow"] = {"steps": steps_part().read(draft.flow, {})}
    found["flow"] = {"steps": steps_part().read(draft.flow, asked_in(_plain(found)))}
    plain: dict[str, Any] = _plain(found)
    return plain


def code_of(draft: FlowDraft) -> str:
    """Return the code that the type has, or gets when it is published: made of the title, and taken by no other."""
    if draft.code or not draft.title:
        return draft.code
    words = re.sub(r"[^a-z0-9]+", "-", fold(draft.title)).strip("-")[:50].strip("-") or "loai"
    taken = set(DossierType.objects.filter(code__startswith=words).values_list("code", flat=True))
    taken |= set(FlowDraft.objects.filter(code__startswith=words).values_list("code", flat=True))
    free = (f"{words}-{number}" if number > 1 else words for number in count(1))
    return next(code for code in free if code not in taken)


def definition_of_draft(draft: FlowDraft) -> Definition:
    """Return the definition of a draft. Raises `SchemaError` with every problem and its place."""
    return Definition.parse(data_of(draft))


def block_of(draft: FlowDraft, place: str) -> str:
    """Return the id of the block that holds a place of the definition, or the name of the field; empty for neither.

    Of a step that is the block of the step (the innermost), of a question that of the question.
    """
    parts = [(name, int(index[1:-1]) if index else -1) for name, index in _PART.findall(place)]
    if not parts:
        return ""
    if parts[0][0] == "flow":
        return _step_at(draft.flow, parts[1:]) or "flow"
    if parts[0][0] == "form":
        return _question_at(draft.form, parts[1:]) or "form"
    names = [name for name, _index in parts]
    for length in (2, 1):
        if field := _FIELDS.get(".".join(names[:length])):
            return field
    return names[0] if any(names[0] == field.name for field in FlowDraft._meta.fields) else ""


def draft_from(definition: Definition, draft: FlowDraft | None = None) -> FlowDraft:
    """Return a draft (unsaved, or the given one changed) that describes `definition` exactly.

    Blocks of steps and questions that were there before keep their ids. Raises `SchemaError` for departments that do
    not exist and for blocks nested deeper than the editor shows.
    """
    draft = draft or FlowDraft(live=False)
    data = definition.model_dump(mode="json", by_alias=True)
    if deep := list(_too_deep(data["flow"]["steps"], "flow.steps")):
        raise SchemaError(deep)
    departments = _departments(data)
    for name in ("title", "summary"):
        _set_both(draft, name, data[name])
    _set_both(draft, "form_title", data["form"]["title"])
    draft.code = data["code"]
    draft.department = departments.get(data["department"])
    draft.register_code, draft.register_pattern = data["register"]["code"], data["register"]["pattern"]
    draft.days, draft.subject = data["days"], data["subject"]
    start = data["start"]["departments"] if isinstance(data["start"], dict) else []
    draft.start_departments = [departments[code] for code in start]
    ids = _ids(draft)
    fields: Any = draft
    fields.form = [_with_ids(section, ids) for section in stream_of(data["form"])]
    try:
        fields.flow = [
            _with_ids(step, ids) for step in steps_part().raw(data["flow"]["steps"], asked_in(data))
        ]
    except TooDeepError as error:
        raise SchemaError([Problem("flow.steps", str(error))]) from error
    return draft


def _too_deep(steps: Sequence[Any], place: str, level: int = 0) -> Iterator[Problem]:
    """Yield steps with branches on the innermost level: the editor shows them without, so they would be lost."""
    for index, step in enumerate(steps):
        at = f"{place}[{index}]"
        branches = step.get("branches") or ()
        if branches and level >= LEVELS - 1:
            yield Problem(at, _("Blocks are nested deeper than the editor shows."))
            continue
        for number, branch in enumerate(branches):
            yield from _too_deep(branch.get("steps") or (), f"{at}.branches[{number}].steps", level + 1)


def _given(data: Mapping[str, Any]) -> Any:
    return {name: value for name, value in data.items() if value} or NOTHING


def _start(draft: FlowDraft) -> Any:
    codes = sorted(unit.code for unit in draft.start_departments.all())
    return {"departments": codes} if codes else NOTHING


def _form(draft: FlowDraft) -> dict[str, Any]:
    form = definition_of(draft.form) or {"sections": []}
    title = both_languages(draft.form_title, draft.form_title_en)
    return {"sections": form["sections"]} | ({} if title is NOTHING else {"title": title})


def _plain(data: Any) -> Any:
    """Return data as JSON has it."""
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    if isinstance(data, date):
        return data.isoformat()
    if isinstance(data, Decimal):
        return int(data) if data == data.to_integral_value() else float(data)
    return data


def _departments(data: Mapping[str, Any]) -> dict[str, Department]:
    places = [("department", data["department"])] if data["department"] else []
    if isinstance(data["start"], dict):
        places += [(f"start.departments[{n}]", code) for n, code in enumerate(data["start"]["departments"])]
    known = {
        unit.code: unit for unit in Department.objects.filter(code__in=[code for _place, code in places])
    }
    problems = [
        Problem(place, _("No department is called “%(code)s”.") % {"code": code})
        for place, code in places
        if code not in known
    ]
    if problems:
        raise SchemaError(problems)
    return known


def _set_both(draft: FlowDraft, name: str, text: Any) -> None:
    both = text if isinstance(text, Mapping) else {"vi": text}
    setattr(draft, name, both.get("vi", ""))
    setattr(draft, f"{name}_en", both.get("en", ""))


def _step_at(value: Any, parts: list[tuple[str, int]]) -> str:
    """Follow `steps[2].branches[0].steps[1]…` and return the id of the last block of a step."""
    found = ""
    for name, index in parts:
        if index < 0 or value is None or index >= len(value):
            break
        if name == "steps":
            child = value[index]
            found, value = child.id or "", child.value.get("branches")
        elif name == "branches":
            value = value[index].get("steps")
        else:
            break
    return found


def _question_at(value: Any, parts: list[tuple[str, int]]) -> str:
    """Follow `sections[0].fields[2]…`; sections without questions are no part of a definition."""
    sections = [child for child in value if child.value["questions"]]
    wanted = dict(parts[:2])
    number = wanted.get("sections", -1)
    if not 0 <= number < len(sections):
        return ""
    questions, field = sections[number].value["questions"], wanted.get("fields", -1)
    child = questions[field] if 0 <= field < len(questions) else sections[number]
    return child.id or ""


def _ids(draft: FlowDraft) -> dict[str, str]:
    """Return the ids of the blocks that the draft has, by the key of the step or question in them."""
    found: dict[str, str] = {}

    def look(raw: Any) -> None:
        if isinstance(raw, list):
            for one in raw:
                look(one)
        elif isinstance(raw, Mapping):
            value = raw.get("value")
            key = (value.get("id") or value.get("key")) if isinstance(value, Mapping) else None
            if key and raw.get("id"):
                found[key] = raw["id"]
            for one in raw.values():
                look(one)

    look([*draft.form.get_prep_value(), *draft.flow.get_prep_value()])
    return found


def _with_ids(raw: Any, ids: Mapping[str, str]) -> Any:
    """Return raw blocks with the ids that their steps and questions had before."""
    if isinstance(raw, list):
        return [_with_ids(one, ids) for one in raw]
    if not isinstance(raw, Mapping):
        return raw
    found = {name: _with_ids(value, ids) for name, value in raw.items()}
    value = raw.get("value")
    key = (value.get("id") or value.get("key")) if isinstance(value, Mapping) else None
    return found | {"id": ids[key]} if key and key in ids else found
