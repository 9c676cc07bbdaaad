"""What a browser is told of the rules of a form, as data: it shows, hides and requires questions while people type.

Only rules that it can decide as the server does are told (`forms.js`); for the others, and for calculated values, it
asks the server. The server decides again in any case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .asked import DAY, FILES, NUMBER, Asked, asked_of
from .conditions import condition_names
from .kinds.amounts import BIGGEST
from .kinds.base import kind_of
from .kinds.days import FIRST_DAY, LAST_DAY
from .logic import Plan, plan_of
from .picking import BARE, DAY_PATTERN, NUMERAL, OPERATORS, Row, plain_number, read
from .rules import Picked, lines_of
from .schema import Field
from .text import localized

if TYPE_CHECKING:
    from .form import AnswerForm

#: Kinds whose answers a browser reads off the page as the server does.
_READABLE = frozenset("text long_text number money date yes_no choice file".split())  # noqa: SIM905

Condition = dict[str, Any]


@dataclass(frozen=True)
class Logic:
    """The rules of one form for the browser. `data` is empty where there is nothing to do."""

    data: dict[str, Any]
    sentences: Mapping[str, str]

    def words(self, key: str) -> str:
        """Return in words when a question is asked; empty for always, and for what only an expert reads."""
        return self.sentences.get(key, "")


def logic_of(form: AnswerForm) -> Logic:
    """Return the rules of a form, for the questions that are on the page."""
    schema = form.schema
    plan = plan_of(schema, form.known) if form.known is not None else schema.plan
    if not plan.rules:
        return Logic({}, {})
    questions = {f.key: f for f in (*(form.known.fields() if form.known else ()), *schema.fields())}
    teller = _Teller(form, plan, questions, asked_of(questions.values()))
    return Logic(teller.data(), dict(teller.sentences()))


class _Teller:
    """Turns rules into data and words."""

    def __init__(
        self, form: AnswerForm, plan: Plan, questions: Mapping[str, Field], asked: Mapping[str, Asked]
    ) -> None:
        self.form, self.plan, self.questions, self.asked = form, plan, questions, asked
        self.here = form.questions.keys() if form.step is None else form.names_of_step(form.step)
        self.asks = False

    def data(self) -> dict[str, Any]:
        """Return all rules that touch the page, in the order in which they are decided."""
        rules = {key: self.rule(key) for key in self.plan.order if key in self.here}
        sections = {str(number): self.condition(text) for number, text in self.plan.sections.items()}
        named = {line["field"] for one in self._told(rules, sections) for line in one["rows"]}
        wanted = (named | set(rules)) & self.questions.keys()
        return {
            "prefix": f"{self.form.prefix}-" if self.form.prefix else "",
            "fields": {key: self.field(key) for key in sorted(wanted & set(self.here))},
            "given": {key: self.given(key) for key in sorted(wanted - set(self.here))},
            "rules": [{"key": key, **rule} for key, rule in rules.items()],
            "sections": sections,
            "asks": self.asks,
        }

    @staticmethod
    def _told(rules: Mapping[str, Any], sections: Mapping[str, Any]) -> Iterator[Condition]:
        for rule in rules.values():
            found = [*rule["show"], rule["need"], *rule["options"].values()]
            yield from (one for one in found if isinstance(one, dict))
        yield from (one for one in sections.values() if isinstance(one, dict))

    def rule(self, key: str) -> dict[str, Any]:
        """Return one rule; a condition that only the server decides is `null`, none at all is `true`."""
        rule = self.plan.rules[key]
        self.asks = self.asks or bool(rule.calculation)
        return {
            "show": [self.condition(text) for text in rule.show],
            "need": self.condition(rule.require) if rule.require else True,
            "needs": bool(rule.require),
            "options": {value: self.condition(text) for value, text in rule.options.items()},
        }

    def condition(self, text: str) -> Condition | None:
        """Return a condition as rows, or None where the browser has to ask."""
        found = read(text, self._compared(guarded=True)) or read(text, self._compared(guarded=False))
        if found is not None and all(self._is_plain(row) for row in found[1]):
            return {"join": found[0], "rows": [self._line(row) for row in found[1]]}
        self.asks = self.asks or not condition_names(text).isdisjoint(self.here)
        return None

    def _compared(self, *, guarded: bool) -> dict[str, Asked]:
        """Return the questions as the picker compares them, or as an expert would: the outcome is the same."""
        shapes = (NUMBER, DAY) if guarded else ()
        return {key: Asked(one.shape, one.shape in shapes) for key, one in self.asked.items()}

    def _is_plain(self, row: Row) -> bool:
        question = self.questions.get(row.field)
        if question is None or self.asked[row.field].shape not in OPERATORS[row.op][1]:
            return False
        return row.field not in self.here or question.kind in _READABLE

    def _line(self, row: Row) -> dict[str, Any]:
        return {"field": row.field, "op": row.op, "value": literal(row, self.asked[row.field].shape)}

    def field(self, key: str) -> dict[str, Any]:
        """Return how the browser reads a question off the page."""
        question = self.questions[key]
        low, high = _bounds(question)
        return {
            "shape": self.asked[key].shape,
            "kind": question.kind,
            "places": getattr(question, "places", 0),
            "low": low,
            "high": high,
        }

    def given(self, key: str) -> dict[str, Any]:
        """Return the answer to a question that is not on the page."""
        shape = self.asked[key].shape
        raw = self.form.state.answers.get(key, self.form.own.get(key))
        if key in self.form.state.hidden:
            raw = None
        if shape not in (DAY, NUMBER):
            raw = kind_of(self.questions[key]).cel_value(raw, self.questions[key])
        return {"shape": shape, "value": len(raw or ()) if shape == FILES else raw}

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Yield in words when questions are asked."""
        for key in self.here:
            question = self.questions[key]
            if isinstance(question.show_if, Picked):
                yield key, words_of(question.show_if, self.questions)


def _bounds(question: Field) -> tuple[Any, Any]:
    """Return the smallest and largest answer that the server accepts, as the browser compares it."""
    low, high = getattr(question, "min", None), getattr(question, "max", None)
    if question.kind == "date":
        return (low or FIRST_DAY).isoformat(), (high or LAST_DAY).isoformat()
    if question.kind == "number":
        low, high = (-BIGGEST if low is None else low), (BIGGEST if high is None else high)
    return (None if low is None else float(low)), (None if high is None else float(high))


def literal(row: Row, shape: str) -> Any:
    """Return the value of a row as the browser compares it; None for one that can never be compared."""
    value = row.value.strip()
    if row.op in BARE:
        return None
    if shape == NUMBER:
        number = plain_number(value)
        return float(number) if re.fullmatch(NUMERAL, number) else None
    if shape == DAY:
        return value if re.fullmatch(DAY_PATTERN, value) else None
    return value


def words_of(when: Picked, questions: Mapping[str, Field]) -> str:
    """Return a condition in words: “Days is more than 5”."""
    parts = []
    for line in lines_of(when):
        question = questions.get(line.field)
        label = localized(question.label) if question else line.field
        value = line.value
        for choice in getattr(question, "choices", ()):
            value = localized(choice.label) if choice.value == value else value
        parts.append(f"“{label}” {OPERATORS[line.op][0]} {'' if line.op in BARE else value}".strip())
    return (_(" or ") if when.join == "any" else _(" and ")).join(parts)
