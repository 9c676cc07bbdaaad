"""Values calculated from answers, in CEL: the language of conditions, with a result of the type of a question."""

from __future__ import annotations

from collections.abc import Mapping
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
from .kinds.base import WrongTypeError, field_kinds, kind_of
from .models import Schema
from .schema import Field, FormSchema
from .text import localized


def calculable() -> list[str]:
    """Return the codes of the kinds of question that can be calculated."""
    return [kind.code for kind in field_kinds if kind.calculable]


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
    if not kind_of(target).calculable:
        text = _("An answer of kind “%(kind)s” cannot be calculated.") % {"kind": target.kind}
        return [Finding(text, "types", calculable())]
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
    """Return a result of CEL as an answer. Raises ValueError with the reason in words."""
    kind = kind_of(target)
    try:
        return kind.from_cel(result, target)
    except WrongTypeError as error:
        raise ValueError(_("the result is no %(kind)s") % {"kind": str(kind.label).lower()}) from error


def _out_of_bounds(raw: Any, target: Field) -> str:
    """Say which bound of the question a calculated answer breaks, or nothing."""
    if raw is None:
        return _("the result is empty") if target.required else ""
    return kind_of(target).beyond(raw, target)
