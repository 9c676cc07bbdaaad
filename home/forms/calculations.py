"""Values calculated from answers, in CEL: the language of conditions, with a result of the type of a question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from .conditions import (
    MAX_LENGTH,
    ConditionError,
    Finding,
    _combinations,
    _compile,
    _reason,
    _samples,
    _unknown,
    values_of,
)
from .display import parsed
from .kinds.amounts import BIGGEST, grouped
from .kinds.base import kind_of
from .models import Schema
from .schema import Field, FormSchema
from .text import clean_text, localized

#: The kinds of question that can be calculated.
CALCULABLE = ("number", "money", "text", "long_text", "yes_no", "choice", "date")


class _TypeMismatchError(ValueError):
    """A result of another type than the question."""


def calculate(expression: str, target: Field, schema: Schema | FormSchema, answers: Mapping[str, Any]) -> Any:
    """Return the JSON answer of `target` that `expression` gives. Raises `ConditionError`.

    Numbers are rounded half up to the places of the question, amounts of money to whole VND.
    """
    if len(expression) > MAX_LENGTH:
        raise ConditionError(expression[:60] + "…", _("it is too long"))
    questions = {field.key: field for field in parsed(schema).fields()}
    values: dict[str, Any] = {}
    try:
        program, names = _compile(expression)
        for name in names & questions.keys():
            values[name] = kind_of(questions[name]).cel_value(answers.get(name), questions[name])
        raw = _raw(program.execute(values), target)
    except Exception as error:
        empty = [localized(questions[name].label) for name, value in values.items() if value is None]
        reason = _("no answer to: %(labels)s") % {"labels": ", ".join(empty)} if empty else _reason(error)
        raise ConditionError(expression, reason) from error
    if fault := _out_of_bounds(raw, target):
        raise ConditionError(expression, fault)
    return raw


def calculated(
    expression: str, target: Field, questions: Mapping[str, Field], answers: Mapping[str, Any]
) -> Any:
    """Return what a question calculates from answers, or None where nothing can be calculated."""
    inner = getattr(target, "inner", target)
    try:
        program, names = _compile(expression)
        raw = _raw(program.execute(values_of(names, questions, answers)), inner)
    except Exception:
        return None
    return None if _out_of_bounds(raw, inner) else raw


def check_calculation(expression: str, target: Field, schema: Schema | FormSchema) -> list[Finding]:
    """Return what is wrong with a calculation (an empty list: nothing), found by reading it and by trying it out."""
    if target.kind not in CALCULABLE:
        text = _("An answer of kind “%(kind)s” cannot be calculated.") % {"kind": target.kind}
        return [Finding(text, "types", list(CALCULABLE))]
    if len(expression) > MAX_LENGTH:
        text = _("The calculation is longer than %(limit)s characters.") % {"limit": MAX_LENGTH}
        return [Finding(text, "too_long")]
    questions = {field.key: field for field in parsed(schema).fields()}
    try:
        program, names = _compile(expression)
    except Exception as error:
        text = _("The calculation cannot be read: %(reason)s") % {"reason": _reason(error)}
        return [Finding(text, "syntax")]
    findings = _unknown(expression, program, names, questions)
    return findings or _tried(program, expression, target, {name: questions[name] for name in sorted(names)})


def _tried(program: Any, expression: str, target: Field, questions: dict[str, Field]) -> list[Finding]:
    samples = {name: _samples(field, expression) for name, field in questions.items()}
    if reason := _failure(program, samples, target):
        return [Finding(_("The calculation does not work: %(reason)s") % {"reason": reason}, "types")]
    found = []
    for name, field in questions.items():
        empty = kind_of(field).cel_value(None, field)
        if not field.is_sure and _failure(program, {**samples, name: [empty]}, target):
            text = _("“%(label)s” (%(name)s) may stay empty: then nothing can be calculated.")
            found.append(Finding(text % {"label": localized(field.label), "name": name}, "may_be_empty"))
    return found


def _failure(program: Any, samples: dict[str, list[Any]], target: Field) -> str:
    """Return why the calculation fails on examples, or nothing; results out of bounds are a matter of the answers."""
    for values in _combinations(samples):
        try:
            _raw(program.execute(values), target)
        except ZeroDivisionError:
            continue
        except Exception as error:
            return _reason(error)
    return ""


def _raw(result: Any, target: Field) -> Any:
    """Return a result of CEL as an answer. Raises `_TypeMismatchError`."""
    match target.kind:
        case "number" | "money" if isinstance(result, int | float) and not isinstance(result, bool):
            places = getattr(target, "places", 0)
            number = Decimal(str(result)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
            return float(number) if places else int(number)
        case "text" | "long_text" if isinstance(result, str):
            return clean_text(result, lines=target.kind == "long_text") or None
        case "yes_no" if isinstance(result, bool):
            return result
        case "choice" if isinstance(result, list if getattr(target, "several", False) else str):
            return result or None
        case "date" if isinstance(result, datetime):
            return result.date().isoformat()
    raise _TypeMismatchError(_("the result is no %(kind)s") % {"kind": str(kind_of(target).label).lower()})


def _out_of_bounds(raw: Any, target: Field) -> str:
    """Say which bound of the question a calculated answer breaks, or nothing."""
    if raw is None:
        return _("the result is empty") if target.required else ""
    if target.kind in ("number", "money"):
        return _beyond(Decimal(str(raw)), target, grouped)
    if target.kind == "date":
        return _beyond(date.fromisoformat(raw), target, str)
    if target.kind in ("text", "long_text") and len(raw) > target.max_length:  # type: ignore[attr-defined]
        return _("the result is longer than the answer may be")
    if target.kind == "choice":
        known = {choice.value for choice in target.choices}  # type: ignore[attr-defined]
        wrong = [value for value in (raw if isinstance(raw, list) else [raw]) if value not in known]
        return _("“%(value)s” is none of the choices") % {"value": wrong[0]} if wrong else ""
    return ""


def _beyond(value: Any, target: Field, words: Any) -> str:
    low, high = getattr(target, "min", None), getattr(target, "max", None)
    if target.kind == "number":
        low = Decimal(-BIGGEST) if low is None else low
        high = Decimal(BIGGEST) if high is None else high
    if low is not None and value < low:
        return _("the result is below %(limit)s") % {"limit": words(low)}
    if high is not None and value > high:
        return _("the result is above %(limit)s") % {"limit": words(high)}
    return ""
