"""What is wrong with a stored definition: place, message in the reader's language, known values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self, get_args

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError
from pydantic_core.core_schema import ErrorType

_BUILT_IN = frozenset(get_args(ErrorType))


@dataclass(frozen=True)
class Problem:
    """One thing wrong at one place, e.g. `sections[0].fields[2].kind`; `known` lists what would be right."""

    place: str
    message: str
    known: list[str] = field(default_factory=list)
    code: str = "invalid"

    def __str__(self) -> str:
        known = " " + _("Known: %(known)s.") % {"known": ", ".join(self.known)} if self.known else ""
        place = f"{self.place}: " if self.place else ""
        return f"{place}{self.message}{known}"


class SchemaError(ValueError):
    """A definition that cannot be used; `problems` names every fault."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Strict(BaseModel):
    """A part of a definition: an unknown key is an error that names the known ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="wrap")
    @classmethod
    def _name_known_keys(cls, data: Any, handler: Callable[[Any], Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            known = [info.alias or name for name, info in cls.model_fields.items()]
            details = [_detail(line, known) for line in error.errors()]
            raise ValidationError.from_exception_data(cls.__name__, details) from None


def complaint(code: str, *, known: Iterable[str] = (), **context: Any) -> PydanticCustomError:
    """Return an error for a validator to raise, in words of the reader's language."""
    text = _words().get(code, code) % context
    return PydanticCustomError(code, text, {"known": list(known), **context})


def fault(
    code: str, *loc: str | int, known: Iterable[str] = (), value: Any = None, **context: Any
) -> InitErrorDetails:
    """Return one line of a pydantic error, for `ValidationError.from_exception_data`."""
    return InitErrorDetails(type=complaint(code, known=known, **context), loc=loc, input=value)


def _detail(line: Any, known: list[str]) -> InitErrorDetails:
    loc, code, context = line["loc"], line["type"], dict(line.get("ctx") or {})
    if code == "extra_forbidden" and len(loc) == 1:
        return fault("unknown_key", *loc, known=known, value=line["input"], key=str(loc[-1]))
    if code in _BUILT_IN:
        return InitErrorDetails(type=code, loc=loc, input=line["input"], ctx=context)
    return fault(code, *loc, value=line["input"], **context)


def problems_of(error: ValidationError, *, prefix: str = "") -> list[Problem]:
    """Turn a pydantic error into problems; `prefix` goes before each place (`form.`)."""
    return [_problem(line, prefix) for line in error.errors(include_url=False)]


def _problem(line: Any, prefix: str) -> Problem:
    context = dict(line.get("ctx") or {})
    known = [str(value) for value in context.get("known", ())]
    if "expected" in context and not known:
        known = [part.strip(" '") for part in str(context["expected"]).replace(" or ", ",").split(",")]
    place = prefix + place_of(line["loc"])
    return Problem(place, _message(line, context), known, line["type"])


def place_of(loc: Iterable[str | int]) -> str:
    """Write a path as people read it: `sections[0].fields[2].kind`."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _message(line: Any, context: dict[str, Any]) -> str:
    """Say in the reader's language what is wrong with one line of a pydantic error."""
    template = _words().get(line["type"])
    if template is None:
        return _("This value is not valid: %(reason)s") % {"reason": line["msg"]}
    return template % {"value": str(line.get("input"))[:60], **context}


def _words() -> dict[str, str]:
    """Return the sentences by type of error, translated now."""
    return {
        "missing": _("This key is missing."),
        "unknown_key": _("There is no key “%(key)s”."),
        "unknown_kind": _("There is no field kind “%(key)s”."),
        "duplicate_key": _("The key “%(key)s” is used twice."),
        "duplicate_value": _("The value “%(key)s” is used twice."),
        "reserved_key": _("“%(key)s” is a reserved word and cannot be a key."),
        "language": _("There is no language “%(key)s”."),
        "text": _("A text is expected, or one text for each language."),
        "condition": _("A condition is expected: rows that were picked, or an expression."),
        "empty": _("This text is empty."),
        "bounds": _("The smallest value is larger than the largest."),
        "no_column": _("A question of kind “%(key)s”, as it is set up, cannot be a column."),
        "no_total": _("“%(key)s” is no column that can be added up."),
        "extension": _("Files of type “%(key)s” are never accepted."),
        "too_many_fields": _("A form has at most %(limit)s questions."),
        "string_pattern_mismatch": _("“%(value)s” does not have the expected form: %(pattern)s"),
        "string_too_long": _("The text is longer than %(max_length)s characters."),
        "string_type": _("A text is expected."),
        "bool_type": _("Yes or no (true or false) is expected."),
        "bool_parsing": _("Yes or no (true or false) is expected."),
        "int_type": _("A whole number is expected."),
        "int_parsing": _("A whole number is expected."),
        "int_from_float": _("A whole number is expected."),
        "decimal_type": _("A number is expected."),
        "decimal_parsing": _("A number is expected."),
        "list_type": _("A list is expected."),
        "dict_type": _("A group of keys and values is expected."),
        "model_type": _("A group of keys and values is expected."),
        "model_attributes_type": _("A group of keys and values is expected."),
        "too_short": _("At least %(min_length)s entry is needed."),
        "too_long": _("At most %(max_length)s entries are possible."),
        "greater_than_equal": _("The number must be at least %(ge)s."),
        "less_than_equal": _("The number must be at most %(le)s."),
        "literal_error": _("“%(value)s” is not one of the possible values."),
    }
