"""Kinds that hold words: short text, long text, e-mail, phone."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pydantic import Field as PydanticField
from wagtail import blocks

from ..schema import Field
from ..text import clean_text, localized
from .base import FieldKind, Sampling, WrongTypeError, field_kinds

SHORT, LONG = 500, 20_000


class CleanCharField(forms.CharField):
    """Text in NFC without control and direction marks; any string is safe to pass in."""

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        limit = kwargs.pop("max_length")
        super().__init__(**kwargs)
        self.limit = limit
        self.widget.attrs["maxlength"] = str(limit)

    def to_python(self, value: Any) -> str:
        """Clean the text."""
        return clean_text(str(value or ""), lines=self.lines)

    def validate(self, value: str) -> None:
        """Refuse text that is longer than the question allows, naming both numbers."""
        super().validate(value)
        if len(value) > self.limit:
            message = ngettext(
                "At most %(limit)s character is possible (now %(count)s).",
                "At most %(limit)s characters are possible (now %(count)s).",
                self.limit,
            )
            raise forms.ValidationError(
                message % {"limit": self.limit, "count": len(value)}, code="max_length"
            )


class TextOptions(Field):
    """Options of a short text."""

    max_length: int = PydanticField(default=200, ge=1, le=SHORT)
    min_length: int = PydanticField(default=0, ge=0, le=SHORT)
    placeholder: str = PydanticField(default="", max_length=200)


class LongTextOptions(Field):
    """Options of a long text."""

    max_length: int = PydanticField(default=5_000, ge=1, le=LONG)
    min_length: int = PydanticField(default=0, ge=0, le=LONG)
    rows: int = PydanticField(default=4, ge=2, le=30)


def length_blocks(limit: int) -> dict[str, Any]:
    """Return the blocks for the smallest and largest length."""
    fewest = blocks.IntegerBlock(
        label=gettext_lazy("Fewest characters"), required=False, min_value=0, max_value=limit
    )
    most = blocks.IntegerBlock(
        label=gettext_lazy("Most characters"), required=False, min_value=1, max_value=limit
    )
    return {"min_length": fewest, "max_length": most}


class WordKind(FieldKind):
    """What all kinds of words share: a missing answer is the empty text, also in conditions."""

    cel_empty = ""
    column = True

    def cel_sample(self, field: Any) -> Any:
        """Return some text."""
        return "abc"

    def beyond(self, raw: Any, field: Any) -> str:
        """Refuse a calculated text that is too long."""
        too_long = len(raw) > getattr(field, "max_length", LONG)
        return _("the result is longer than the answer may be") if too_long else ""

    def build(self, field: Any, **kwargs: Any) -> CleanCharField:
        """Return the form field with the limits of the question."""
        char_field = CleanCharField(max_length=field.max_length, **self.common(field), **kwargs)
        if field.min_length:
            message = _("At least %(limit)s characters are needed.") % {"limit": field.min_length}
            char_field.validators.append(MinLengthValidator(field.min_length, message))
        return char_field


def clean_result(result: Any, kind: FieldKind, *, lines: bool = False) -> str | None:
    """Return a calculated text, clean. Raises `WrongTypeError` for anything else."""
    if not isinstance(result, str):
        raise WrongTypeError(str(kind.label))
    return clean_text(result, lines=lines) or None


def sample_words(field: Any) -> str:
    """Return the question itself, filled up or cut to the length that it asks for."""
    return (localized(field.label) or field.key).ljust(field.min_length, ".")[: field.max_length].rstrip()


@field_kinds.register
class ShortText(WordKind):
    """One line of text."""

    code = "text"
    label = gettext_lazy("Short text")
    icon = "cursor-text"
    admin_icon = "title"
    describe = gettext_lazy("One line of text.")
    Options = TextOptions
    calculable = True

    def from_cel(self, result: Any, field: Any) -> Any:
        """Return the text, clean."""
        return clean_result(result, self)

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return the question itself, as long as it has to be."""
        return sample_words(field)

    def option_blocks(self) -> dict[str, Any]:
        """Return the limits and the placeholder."""
        return {
            **length_blocks(SHORT),
            "placeholder": blocks.CharBlock(
                label=gettext_lazy("Example inside the box"), required=False, max_length=200
            ),
        }

    def form_field(self, field: TextOptions) -> forms.Field:
        """Return a text input."""
        attrs = {"placeholder": field.placeholder} if field.placeholder else {}
        return self.build(field, widget=forms.TextInput(attrs))


@field_kinds.register
class LongText(WordKind):
    """Several lines of text."""

    code = "long_text"
    label = gettext_lazy("Long text")
    icon = "align-left"
    admin_icon = "pilcrow"
    describe = gettext_lazy("Several lines of text; line breaks are kept.")
    Options = LongTextOptions
    column = False
    calculable = True

    def from_cel(self, result: Any, field: Any) -> Any:
        """Return the text, clean."""
        return clean_result(result, self, lines=True)

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return two lines, or the question itself where that is too much or too little."""
        lines = _("First line of a longer text.\nSecond line.")
        return lines if field.min_length <= len(lines) <= field.max_length else sample_words(field)

    def option_blocks(self) -> dict[str, Any]:
        """Return the limits and the height."""
        rows = blocks.IntegerBlock(
            label=gettext_lazy("Lines shown"), required=False, min_value=2, max_value=30
        )
        return {**length_blocks(LONG), "rows": rows}

    def form_field(self, field: LongTextOptions) -> forms.Field:
        """Return a text area."""
        return self.build(field, lines=True, widget=forms.Textarea({"rows": str(field.rows)}))


@field_kinds.register
class Email(WordKind):
    """An e-mail address."""

    code = "email"
    label = gettext_lazy("E-mail")
    icon = "mail"
    admin_icon = "mail"
    describe = gettext_lazy("An e-mail address; its form is checked.")

    def form_field(self, field: Field) -> forms.Field:
        """Return an e-mail input."""
        return EmailField(**self.common(field))

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return an address that nobody has."""
        return "nguoi.mau@example.vn"


class EmailField(CleanCharField):
    """A clean text that is an e-mail address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, widget=forms.EmailInput({"autocomplete": "email"}), **kwargs)
        checks = forms.EmailField(
            error_messages={"invalid": _("This is not an e-mail address: name@example.vn")}
        )
        self.validators += checks.validators


@field_kinds.register
class Phone(WordKind):
    """A Vietnamese telephone number, stored as `0912345678`."""

    code = "phone"
    label = gettext_lazy("Telephone")
    icon = "phone"
    admin_icon = "mobile-alt"
    describe = gettext_lazy("A Vietnamese telephone number; spaces, dots and +84 are understood.")

    def form_field(self, field: Field) -> forms.Field:
        """Return a telephone input."""
        return PhoneField(**self.common(field))

    def display(self, raw: Any, field: Any) -> str:
        """Group the digits: `0912 345 678`."""
        digits = str(raw or "")
        return re.sub(r"^(\d{4})(\d{3})(\d{3,4})$", r"\1 \2 \3", digits)

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return some number."""
        return "0912345678"


class PhoneField(CleanCharField):
    """Digits of a Vietnamese number: 10 or 11 with the leading zero."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=30, widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}), **kwargs
        )

    def to_python(self, value: Any) -> str:
        """Bring every usual way of writing to `0…`."""
        text = super().to_python(value)
        if not text or len(text) > self.limit:
            return text
        digits = re.sub(r"^(\+|00)?84(?=\d{9,10}$)", "0", re.sub(r"[\s.\-()]", "", text))
        if not re.fullmatch(r"0[0-9]{9,10}", digits):
            raise forms.ValidationError(
                _("This is not a telephone number, for example 0912 345 678."), code="invalid"
            )
        return digits
