"""What the codes of a definition are called: departments, positions, people, steps and questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from home.forms.api import grouped, localized
from home.people.api import Department, Position, User
from workflows.steps.api import ItemList, Rule

#: Under which keys of rules and lists the codes of departments, positions and people stand.
_KEYS = {
    "department": "department",
    "departments": "department",
    "head_of": "department",
    "deputy_of": "department",
    "position": "position",
    "user": "person",
    "people": "person",
    "done_by": "step",
    "step": "step",
    "answer": "question",
    "answers": "question",
    "head_of_answer": "question",
}
#: Words that stand where a code could, and are none.
_NO_CODES = frozenset({"submitter", "everyone"})

_TOKEN = re.compile(
    r"""(?P<compared>[a-z]\w*)\s*(?P<sign>==|!=)\s*(?P<quote>["'])(?P<value>[^"'\\]*)(?P=quote)"""
    r"""|(?P<text>"[^"\\]*"|'[^'\\]*')|(?P<call>\w+(?:\.\w+)*\s*\()|(?P<word>[A-Za-z_]\w*(?:\.\w+)*)"""
    r"""|(?P<number>\d+(?:\.\d+)?)|(?P<operator>&&|\|\||==|!=|>=|<=|!)|(?P<space>\s+)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Names:
    """Names by kind (`department`, `position`, `person`, `step`, `question`) and code; what is unknown keeps its code.

    `choices` are the labels of the values of a question, by its key.
    """

    found: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, *definitions: Mapping[str, Any]) -> Names:
        """Look up what definitions (data, complete or not) refer to: at most three queries.

        Where definitions differ in the title of a step or question the last one wins.
        """
        own, choices = _own(definitions)
        return cls(own | _stored(_wanted(definitions)), choices)

    @classmethod
    def each(cls, definitions: Sequence[Mapping[str, Any]]) -> list[Names]:
        """Return the names of several definitions, each with its own steps and questions; at most three queries."""
        stored = _stored(_wanted(definitions))
        pairs = (_own([data]) for data in definitions)
        return [cls(own | stored, choices) for own, choices in pairs]

    def also(self, kind: str, names: Mapping[str, str]) -> Names:
        """Return these names and some more."""
        return Names({**self.found, kind: {**self.found.get(kind, {}), **names}}, self.choices)

    def name(self, kind: str, code: str) -> str:
        """Return what `code` is called."""
        return self.found.get(kind, {}).get(code, code)

    def rule(self, rule: Rule) -> str:
        """Say in the reader's language who acts."""
        return self._named(rule).words()

    def items(self, items: ItemList) -> str:
        """Say in the reader's language for whom a block runs."""
        return self._named(items).words()

    def _named(self, part: Any) -> Any:
        """Return a copy whose codes are names, for its words alone."""
        data = part.model_dump(mode="json", by_alias=True)
        try:
            return type(part).model_validate(self._renamed(data))
        except ValidationError:  # a kind of a plugin whose codes have a shape of their own
            return part

    def _renamed(self, data: Any, key: str = "") -> Any:
        if isinstance(data, dict):
            return {name: self._renamed(value, name) for name, value in data.items()}
        if isinstance(data, list):
            return [self._renamed(value, key) for value in data]
        kind = _KEYS.get(key)
        return self.name(kind, data) if kind and isinstance(data, str) and data not in _NO_CODES else data

    def condition(self, expression: str) -> str:
        """Say a condition (CEL) in the reader's words: `amount > 5000000` is *Amount > 5,000,000*.

        What these words do not know, such as a call of a function, stays as it is written.
        """
        return "".join(self._token(found) for found in _TOKEN.finditer(expression.strip()))

    def _token(self, found: re.Match[str]) -> str:
        kind, text = found.lastgroup, found.group()
        if found["compared"]:
            key, value = found["compared"], found["value"]
            sign = {"==": "=", "!=": "≠"}[found["sign"]]
            shown = self.choices.get(key, {}).get(value, f"“{value}”")
            return f"{self.name('question', key)} {sign} {shown}"
        if kind == "word":
            return {"true": _("yes"), "false": _("no")}.get(text) or self.name("question", text)
        if kind == "number":
            return grouped(Decimal(text))
        if kind == "text":
            return f"“{text[1:-1]}”"
        if kind == "operator":
            return _operators().get(text, text)
        return " " if kind == "space" else text


def _own(
    definitions: Iterable[Mapping[str, Any]],
) -> tuple[dict[str, Mapping[str, str]], dict[str, Mapping[str, str]]]:
    """Return what definitions name themselves (steps, questions), and the choices of their questions."""
    titles: dict[str, str] = {}
    labels: dict[str, str] = {}
    choices: dict[str, Mapping[str, str]] = {}
    for data in definitions:
        for step in _steps(data.get("flow")):
            titles[str(step["id"])] = _words(step.get("title")) or str(step["id"])
        for question in _questions(data):
            key = str(question["key"])
            labels[key] = _words(question.get("label")) or key
            choices[key] = _choices_of(question)
    return {"step": titles, "question": labels}, choices


def _wanted(definitions: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for data in definitions:
        for kind, code in _codes(data.get("flow")):
            codes.setdefault(kind, set()).add(code)
        codes.setdefault("department", set()).update(_own_departments(data))
    return codes


def _operators() -> dict[str, str]:
    return {
        "&&": _("and"),
        "||": _("or"),
        "==": "=",
        "!=": "≠",
        ">=": "≥",
        "<=": "≤",
        "!": _("not") + " ",
    }


def _words(text: Any) -> str:
    if isinstance(text, str):
        return text
    return localized({str(key): str(words) for key, words in text.items()}) if isinstance(text, dict) else ""


def _steps(flow: Any) -> Iterator[dict[str, Any]]:
    """Yield the raw steps of a flow that have an id, nested ones too."""
    for part in _parts(flow):
        if isinstance(part.get("id"), str) and "kind" in part:
            yield part


def _questions(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the raw questions of form and steps."""
    for part in _parts([data.get("form"), data.get("flow")]):
        if isinstance(part.get("key"), str) and ("label" in part):
            yield part


def _parts(data: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping inside of `data`."""
    if isinstance(data, dict):
        yield data
        data = list(data.values())
    if isinstance(data, list):
        for value in data:
            yield from _parts(value)


def _codes(data: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield (kind, code) of all departments, positions and people that rules and lists name."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _codes(value, str(name))
    elif isinstance(data, list):
        for value in data:
            yield from _codes(value, key)
    elif isinstance(data, str) and _KEYS.get(key) in ("department", "position", "person"):
        yield _KEYS[key], data


def _own_departments(data: Mapping[str, Any]) -> Iterable[str]:
    start = data.get("start")
    listed = start.get("departments") if isinstance(start, dict) else []
    named = [data.get("department"), *(listed if isinstance(listed, list) else [])]
    return [code for code in named if isinstance(code, str)]


def _choices_of(question: Mapping[str, Any]) -> dict[str, str]:
    listed = question.get("choices")
    rows = listed if isinstance(listed, list) else []
    return {
        str(row["value"]): _words(row.get("label"))
        for row in rows
        if isinstance(row, dict) and "value" in row
    }


def _stored(codes: Mapping[str, set[str]]) -> dict[str, dict[str, str]]:
    """Look codes up; a kind that nothing names costs no query."""
    found: dict[str, dict[str, str]] = {}
    if wanted := codes.get("department"):
        found["department"] = dict(Department.objects.filter(code__in=wanted).values_list("code", "name"))
    if wanted := codes.get("position"):
        found["position"] = dict(Position.objects.filter(code__in=wanted).values_list("code", "name"))
    if wanted := codes.get("person"):
        people = User.objects.filter(username__in=wanted)
        found["person"] = {person.username: str(person) for person in people}
    return found
