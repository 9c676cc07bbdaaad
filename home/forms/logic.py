"""What a form decides by itself from its answers: what is asked, what is required, what is calculated.

A question that is not asked has no answer for anything else, is never required, and nothing is stored for it. A
condition that cannot be decided does not hold. The browser does the same with what `browser.py` tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .asked import Asked, asked_of
from .calculations import calculated
from .conditions import condition_names, holds
from .kinds.base import kind_of
from .picking import write
from .rules import Picked
from .schema import Field, FormSchema

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """What decides on one question, as CEL; `options` says which choices are offered when."""

    show: tuple[str, ...] = ()
    require: str = ""
    calculation: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """Return the questions on which the answer itself depends."""
        texts = (*self.show, self.calculation) if self.calculation else self.show
        return frozenset().union(*map(condition_names, texts))


@dataclass(frozen=True)
class Plan:
    """The rules of a form by question, in an order in which each finds what it asks for; `circle` names those that
    wait for each other."""

    rules: Mapping[str, Rule]
    order: tuple[str, ...]
    circle: tuple[str, ...]
    sections: Mapping[int, str]


@dataclass(frozen=True)
class State:
    """How a form stands with certain answers; `answers` are those that count."""

    answers: dict[str, Any]
    hidden: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    closed: frozenset[int] = frozenset()
    #: The choices that are not offered, by question.
    without: Mapping[str, frozenset[str]] = field(default_factory=dict)


def plan_of(schema: FormSchema, known: FormSchema | None = None) -> Plan:
    """Return the rules of a form; questions of `known` may be named in its conditions too."""
    if not any(map(_has_rules, schema.sections)):
        return Plan({}, (), (), {})
    asked = _certain([*(known.fields() if known else ()), *schema.fields()])
    sections = {n: cel_of(s.show_if, asked) for n, s in enumerate(schema.sections) if s.show_if}
    rules: dict[str, Rule] = {}
    for number, section in enumerate(schema.sections):
        above = (sections[number],) if number in sections else ()
        for question in section.fields:
            rule = _rule(question, above, asked)
            if rule != Rule():
                rules[question.key] = rule
    order, circle = _ordered({key: rule.names for key, rule in rules.items()})
    return Plan(rules, order, circle, sections)


def _has_rules(section: Any) -> bool:
    return bool(section.show_if) or any(
        f.show_if or f.require_if or getattr(f, "calculation", "") or _choices_with_rules(f)
        for f in section.fields
    )


def _choices_with_rules(question: Field) -> list[Any]:
    return [choice for choice in getattr(question, "choices", ()) if getattr(choice, "show_if", "")]


def _rule(question: Field, above: tuple[str, ...], asked: Mapping[str, Asked]) -> Rule:
    own = (cel_of(question.show_if, asked),) if question.show_if else ()
    return Rule(
        (*above, *own),
        cel_of(question.require_if, asked),
        getattr(question, "calculation", ""),
        {choice.value: cel_of(choice.show_if, asked) for choice in _choices_with_rules(question)},
    )


def _certain(fields: Iterable[Field]) -> dict[str, Asked]:
    """Return the questions with each comparison guarded: anything may be empty because it is not asked."""
    return {key: Asked(one.shape, one.shape in ("number", "day")) for key, one in asked_of(fields).items()}


def cel_of(when: str | Picked, asked: Mapping[str, Asked]) -> str:
    """Return a condition as CEL."""
    return write(when.rows, when.join, asked) if isinstance(when, Picked) else when  # type: ignore[arg-type]


def _ordered(needs: Mapping[str, frozenset[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys so that each comes after those it needs, and those that need each other in a circle."""
    order: list[str] = []
    done: set[str] = set()
    left = dict(needs)
    while left:
        ready = [key for key, names in left.items() if not (names & left.keys()) - done]
        if not ready:
            return (*order, *left), tuple(_in_circle(left))
        for key in ready:
            del left[key]
        order += ready
        done |= set(ready)
    return tuple(order), ()


def _in_circle(left: Mapping[str, frozenset[str]]) -> list[str]:
    """Return those of the keys left that lead back to themselves."""

    def reaches(start: str) -> bool:
        seen: set[str] = set()
        todo = list(left[start] & left.keys())
        while todo:
            key = todo.pop()
            if key == start:
                return True
            if key not in seen:
                seen.add(key)
                todo += left[key] & left.keys()
        return False

    return [key for key in left if reaches(key)]


def work_out(
    schema: FormSchema, answers: Answers, *, known: FormSchema | None = None, given: Answers | None = None
) -> State:
    """Return how a form stands with these JSON answers. `given` are answers to questions of `known` besides."""
    plan = plan_of(schema, known) if known is not None else schema.plan
    values = dict(answers)
    if not plan.rules:
        return State(values)
    questions = {
        question.key: question for question in (*(known.fields() if known else ()), *schema.fields())
    }
    look = _Look(questions, {**(given or {}), **values})
    hidden = set()
    for key in plan.order:
        rule = plan.rules[key]
        if not all(map(look.holds, rule.show)):
            hidden.add(key)
            look.answers.pop(key, None)
        elif rule.calculation:
            look.put(key, calculated(rule.calculation, questions[key], questions, look.answers))
    keys = set(schema.keys())
    return State(
        {key: raw for key, raw in look.answers.items() if key in keys},
        frozenset(hidden),
        frozenset(
            k for k, r in plan.rules.items() if r.require and k not in hidden and look.holds(r.require)
        ),
        frozenset(number for number, text in plan.sections.items() if not look.holds(text)),
        {k: _without(r, look.holds) for k, r in plan.rules.items() if r.options and k not in hidden},
    )


def _without(rule: Rule, is_so: Callable[[str], bool]) -> frozenset[str]:
    return frozenset(value for value, text in rule.options.items() if not is_so(text))


@dataclass
class _Look:
    """Answers while they are being looked at."""

    questions: Mapping[str, Field]
    answers: dict[str, Any]

    def holds(self, text: str) -> bool:
        return holds(text, self.questions, self.answers)

    def put(self, key: str, raw: Any) -> None:
        self.answers.pop(key, None)
        if raw is not None:
            self.answers[key] = raw


def missing_answers(schema: FormSchema, answers: Answers) -> list[Field]:
    """Return the questions that are asked and required with these answers, and have none."""
    state = work_out(schema, answers)
    return [
        question
        for question in schema.fields()
        if question.key not in state.hidden
        and (question.required or question.key in state.required)
        and kind_of(question).posts
        and state.answers.get(question.key) in (None, "", [])
    ]
