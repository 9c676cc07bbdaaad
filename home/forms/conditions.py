"""Conditions on answers, in CEL: names are field keys, values are typed by the question.

Numbers with decimal places are `double`, whole numbers and money `int` (both compare with each other,
arithmetic needs
`double(x)`), dates are timestamps at midnight UTC. An unanswered number, amount or date is `null`: comparing
it cannot be decided. Every other kind has a defined empty value (`""`, `false`, `[]`).
"""

from __future__ import annotations

import itertools
import math
import random
import re
from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import cel
from django.utils.translation import gettext as _

from .display import parsed
from .kinds.base import kind_of
from .models import Schema
from .schema import Field, FormSchema
from .text import localized

MAX_LENGTH = 1_000
MAX_MACROS = 2
MAX_TRIALS = 300
#: So many examples are tried to find answers that lead to a branch.
MAX_EXAMPLES = 2_000

_MACRO = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(\s*([A-Za-z_]\w*)\s*,")
_STRING = re.compile(r"'([^'\\]*)'|\"([^\"\\]*)\"")
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)")
_NUMBER = re.compile(r"(?<![\w.'\"])\d{1,15}(?:\.\d{1,6})?")

#: Functions that a condition may call.
FUNCTIONS = frozenset(
    """size contains startsWith endsWith matches has int uint double string timestamp duration getFullYear
    getMonth
    getDate getDayOfMonth getDayOfWeek getDayOfYear getHours getMinutes getSeconds""".split()  # noqa: SIM905
)


class ConditionError(ValueError):
    """A condition that could not be decided; names the expression and the reason."""

    def __init__(self, expression: str, reason: str) -> None:
        self.expression, self.reason = expression, reason
        super().__init__(_("The condition “%(expression)s” cannot be decided: %(reason)s") % self.__dict__)


class Finding(str):
    """One thing wrong with a condition, in words; `code` is one of syntax, too_long, too_complex,
    unknown_name,
    unknown_function, not_boolean, types, may_be_empty. `known` lists what would be right."""

    code: str
    known: list[str]

    def __new__(cls, text: str, code: str, known: list[str] | None = None) -> Finding:
        """Return the words with their code."""
        finding = super().__new__(cls, text)
        finding.code, finding.known = code, known or []
        return finding


@lru_cache(maxsize=2048)
def _compile(expression: str) -> tuple[Any, frozenset[str]]:
    """Return the program and the names that it takes from the answers. Raises ValueError on a syntax
    error."""
    program = cel.compile(expression)
    return program, frozenset(program.variables()) - frozenset(_MACRO.findall(expression))


def _reason(error: BaseException) -> str:
    """Return the first line of the engine's complaint."""
    text = str(error).strip() or type(error).__name__
    match = re.search(r"ERROR: <input>:(\d+):(\d+): (?:Syntax error: )?(.+)", text)
    if match:
        return _("column %(column)s: %(text)s") % {"column": match[2], "text": match[3][:160]}
    return text.splitlines()[0].split(". ")[0][:200]


def evaluate_condition(expression: str, schema: Schema | FormSchema, answers: Mapping[str, Any]) -> bool:
    """Decide a condition on JSON answers. Raises ConditionError."""
    if len(expression) > MAX_LENGTH:
        raise ConditionError(expression[:60] + "…", _("it is too long"))
    questions = {field.key: field for field in parsed(schema).fields()}
    values: dict[str, Any] = {}
    try:
        program, names = _compile(expression)
        for name in names & questions.keys():
            values[name] = kind_of(questions[name]).cel_value(answers.get(name), questions[name])
        result = program.execute(values)
    except Exception as error:
        empty = [localized(questions[name].label) for name, value in values.items() if value is None]
        reason = _("no answer to: %(labels)s") % {"labels": ", ".join(empty)} if empty else _reason(error)
        raise ConditionError(expression, reason) from error
    if not isinstance(result, bool):
        raise ConditionError(expression, _("the result is neither true nor false"))
    return result


def holds(expression: str, questions: Mapping[str, Field], answers: Mapping[str, Any]) -> bool:
    """Tell whether a condition holds; one that cannot be decided does not."""
    if len(expression) > MAX_LENGTH:
        return False
    try:
        program, names = _compile(expression)
        return program.execute(values_of(names, questions, answers)) is True
    except Exception:
        return False


def values_of(
    names: frozenset[str], questions: Mapping[str, Field], answers: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values that an expression takes, as CEL sees them."""
    return {
        name: kind_of(questions[name]).cel_value(answers.get(name), questions[name])
        for name in names & questions.keys()
    }


def condition_names(expression: str) -> frozenset[str]:
    """Return the keys of questions that a condition asks for; none for one that cannot be read."""
    try:
        return _compile(expression)[1]
    except Exception:
        return frozenset()


def check_condition(expression: str, schema: Schema | FormSchema) -> list[Finding]:
    """Return what is wrong with a condition (an empty list: nothing), found by reading it and by trying it
    out."""
    questions = {field.key: field for field in parsed(schema).fields()}
    expression = expression.strip()
    if len(expression) > MAX_LENGTH:
        text = _("The condition is longer than %(limit)s characters.") % {"limit": MAX_LENGTH}
        return [Finding(text, "too_long")]
    try:
        program, names = _compile(expression)
    except Exception as error:
        return [Finding(_("The condition cannot be read: %(reason)s") % {"reason": _reason(error)}, "syntax")]
    findings = _unknown(expression, program, names, questions)
    return findings or _try_out(program, expression, {name: questions[name] for name in sorted(names)})


def _unknown(
    expression: str, program: Any, names: frozenset[str], questions: dict[str, Field]
) -> list[Finding]:
    """Name every name and function that does not exist, and refuse nested loops."""
    findings = []
    for name in sorted(names - questions.keys()):
        known = list(questions)
        text = _("There is no question “%(name)s”. Known: %(known)s.")
        findings.append(Finding(text % {"name": name, "known": ", ".join(known)}, "unknown_name", known))
    called = {name for name in program.functions() if re.fullmatch(r"[A-Za-z]\w*(\.\w+)*", name)}
    for name in sorted(called - FUNCTIONS):
        known = sorted(FUNCTIONS)
        text = _("There is no function “%(name)s”. Known: %(known)s.")
        findings.append(Finding(text % {"name": name, "known": ", ".join(known)}, "unknown_function", known))
    if len(_MACRO.findall(expression)) > MAX_MACROS:
        findings.append(Finding(_("The condition has too many loops."), "too_complex"))
    return findings


def _try_out(program: Any, expression: str, questions: dict[str, Field]) -> list[Finding]:
    """Run the condition on typed examples, then with each optional answer missing."""
    samples = {name: _samples(field, expression) for name, field in questions.items()}
    for values in _combinations(samples):
        try:
            result = program.execute(values)
        except ZeroDivisionError:
            continue
        except Exception as error:
            return [
                Finding(
                    _("The condition cannot be decided: %(reason)s") % {"reason": _reason(error)}, "types"
                )
            ]
        if not isinstance(result, bool):
            return [Finding(_("The result of the condition is neither true nor false."), "not_boolean")]
    return [
        Finding(
            _("“%(label)s” (%(name)s) may stay empty: then the condition cannot be decided.")
            % {"label": localized(field.label), "name": name},
            "may_be_empty",
        )
        for name, field in questions.items()
        if not field.is_sure and _fails_empty(program, samples, name, kind_of(field).cel_value(None, field))
    ]


def _fails_empty(program: Any, samples: dict[str, list[Any]], name: str, empty: Any) -> bool:
    for values in _combinations({**samples, name: [empty]}):
        try:
            if not isinstance(program.execute(values), bool):
                return True
        except ZeroDivisionError:
            continue
        except Exception:
            return True
    return False


def _samples(field: Field, expression: str) -> list[Any]:
    """Return example values of one question: a typical one, and those around the literals of the
    expression."""
    sample = kind_of(field).cel_sample(field)
    if isinstance(sample, bool):
        return [True, False]
    if isinstance(sample, str):
        return [sample, *{first or second for first, second in _STRING.findall(expression)}][:8]
    if isinstance(sample, int | float):
        literals = {float(text) for text in _NUMBER.findall(expression)}
        near = {literal + step for literal in literals for step in (-1, 0, 1)}
        return [sample, *(type(sample)(value) for value in sorted(near))][:12]
    if isinstance(sample, list):
        return [sample, [], sorted({a or b for a, b in _STRING.findall(expression)})]
    return [sample]


def _combinations(samples: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Return at most MAX_TRIALS combinations, always the same ones."""
    total = 1
    for values in samples.values():
        total *= len(values)
    if total <= MAX_TRIALS:
        return [dict(zip(samples, values, strict=True)) for values in itertools.product(*samples.values())]
    pick = random.Random(0)  # noqa: S311 - not a secret, repeatable on purpose
    return [{name: pick.choice(values) for name, values in samples.items()} for _trial in range(MAX_TRIALS)]


def untaken(expressions: Sequence[str], schema: Schema | FormSchema) -> set[int]:
    """Return which conditions, asked in this order until one holds, no example of answers leads to.

    `len(expressions)` stands for what follows when none holds. Examples lie around every number and text that the
    conditions name, and within the bounds of the questions. All of them are tried together; where that would be too
    many, or a condition cannot be tried, the answer is empty: nothing is known.
    """
    questions = {field.key: field for field in parsed(schema).fields()}
    try:
        programs = [_compile(expression.strip()) for expression in expressions]
    except Exception:
        return set()
    names = sorted({name for _program, found in programs for name in found})
    if not set(names) <= questions.keys():
        return set()
    samples = {name: _possible(questions[name], " ".join(expressions)) for name in names}
    if math.prod(map(len, samples.values())) > MAX_EXAMPLES:
        return set()
    left = set(range(len(programs) + 1))
    for values in itertools.product(*samples.values()):
        left.discard(_first(programs, dict(zip(samples, values, strict=True))))
        if not left:
            break
    return left


def _first(programs: Sequence[tuple[Any, frozenset[str]]], values: Mapping[str, Any]) -> int:
    """Return the number of the first condition that holds; -1 when one cannot be decided."""
    for number, (program, names) in enumerate(programs):
        try:
            if program.execute({name: values[name] for name in names}):
                return number
        except Exception:
            return -1
    return len(programs)


def _possible(field: Field, expression: str) -> list[Any]:
    """Return examples that the question accepts: all of a short list of choices, numbers within the bounds."""
    choices = [choice.value for choice in getattr(field, "choices", [])][:40]
    if choices:
        return [[], *([value] for value in choices), choices] if getattr(field, "several", False) else choices
    low, high = getattr(field, "min", None), getattr(field, "max", None)
    found = _samples(field, expression)
    if isinstance(found[0], int | float) and not isinstance(found[0], bool):
        ends = [type(found[0])(end) for end in (low, high) if end is not None]
        found = [
            value
            for value in [*found, *ends]
            if (low is None or value >= low) and (high is None or value <= high)
        ]
    elif isinstance(found[0], datetime):
        found = [*found, *_days(expression)]
    return list(dict.fromkeys(found)) if all(isinstance(value, Hashable) for value in found) else found


def _days(expression: str) -> list[datetime]:
    """Return the days before, at and after each one that an expression names."""
    named = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in _DATE.findall(expression)]
    return [day + timedelta(days=step) for day in named for step in (-1, 0, 1)]
