"""Draws what can be drawn of a draft: a step that is incomplete stands in its place, with what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from home.forms.api import Problem, SchemaError, localized
from plugins.api.api import UnknownCodeError
from workflows.definitions.api import Definition, Names
from workflows.engine.api import Part, Route, outline, part_of, route
from workflows.steps.api import Step, StepSpec, steps

#: Stands for the steps of a branch while the block around them is read: every block takes it.
_FILLING = {"id": "x", "kind": "notify", "title": "x", "to": [{"submitter": True}]}


@dataclass(frozen=True)
class Sketch:
    """The parts of a draft, its definition if it is complete, and what is wrong with its shape."""

    parts: tuple[Part, ...]
    definition: Definition | None
    problems: Sequence[Problem] = ()


def sketch(data: Mapping[str, Any]) -> Sketch:
    """Return what can be drawn of the data of a draft; never raises for what is missing. At most three queries."""
    names = Names.of(data)
    try:
        definition = Definition.parse(data)
    except SchemaError as error:
        parts = _parts(_listed(_mapping(data.get("flow")).get("steps")), names, "flow.steps", inside=False)
        return Sketch(parts, None, error.problems)
    return Sketch(outline(definition.flow.steps, names), definition)


def _parts(raw: Sequence[Any], names: Names, place: str, *, inside: bool) -> tuple[Part, ...]:
    return tuple(
        _part(_mapping(one), names, f"{place}[{index}]", inside=inside) for index, one in enumerate(raw)
    )


def _part(raw: Mapping[str, Any], names: Names, place: str, *, inside: bool) -> Part:
    """Return a step with its branches; what cannot be read is faulty."""
    kind, spec = _kind_of(raw), _spec_of(raw)
    around = inside or (kind is not None and kind.parallel)
    inner = [
        _parts(_listed(branch.get("steps")), names, f"{place}.branches[{number}].steps", inside=around)
        for number, branch in enumerate(map(_mapping, _listed(raw.get("branches"))))
    ]
    if spec is not None:
        routes = [route(spec, number, names, parts) for number, parts in enumerate(inner)]
        return part_of(spec, names, routes, place=place, inside=inside)
    return _faulty(raw, kind, list(_named(raw, inner)), place)


def _faulty(raw: Mapping[str, Any], kind: Step | None, routes: list[Route], place: str) -> Part:
    title = _words(raw.get("title")) or (str(kind.title) if kind else _("Step without a kind"))
    part = Part(
        place=place,
        id=str(raw.get("id") or ""),
        title=title,
        icon=kind.icon if kind else "help",
        shape="person" if kind is None or kind.human else "automatic",
        notes=(_("incomplete"),),
        ways=tuple(routes),
        faulty=True,
    )
    if not routes or kind is None or kind.forks:
        return part
    return replace(part, shape="block" if kind.parallel else "choice")


def _named(raw: Mapping[str, Any], inner: Sequence[tuple[Part, ...]]) -> Iterator[Route]:
    for number, (branch, parts) in enumerate(zip(_listed(raw.get("branches")), inner, strict=True)):
        words = _words(_mapping(branch).get("title")) or _words(_mapping(branch).get("label"))
        yield Route(words or _("Branch %(number)s") % {"number": number + 1}, parts)


def _kind_of(raw: Mapping[str, Any]) -> Step | None:
    try:
        return steps.get(str(raw.get("kind") or ""))
    except UnknownCodeError:
        return None


def _spec_of(raw: Mapping[str, Any]) -> StepSpec | None:
    """Read the options of one step, whatever the steps inside of it are like; None when they cannot be read."""
    kind = _kind_of(raw)
    if kind is None:
        return None
    data = dict(raw)
    if "branches" in data:
        filled = [{**_mapping(branch), "steps": [_FILLING]} for branch in _listed(data["branches"])]
        data["branches"] = filled
    try:
        return kind.Spec.model_validate(data)
    except ValidationError:
        return None


def _words(text: Any) -> str:
    if isinstance(text, dict):
        return localized({str(key): str(words) for key, words in text.items()})
    return text if isinstance(text, str) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []
