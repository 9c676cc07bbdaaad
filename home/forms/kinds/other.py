"""Picking among given answers, or saying something else in own words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.forms.widgets import ChoiceWidget, Script
from django.utils.translation import gettext as _

from ..text import clean_text

#: What is posted, and seen by conditions, for an answer in own words.
OTHER = "_other"
LIMIT = 200


@dataclass(frozen=True)
class Picked:
    """What was picked (values as they are posted) and what was written beside it."""

    values: list[str] = field(default_factory=list)
    text: str = ""

    @classmethod
    def of(cls, raw: Any) -> Picked:
        """Return what a raw answer would be posted as."""
        answers = raw if isinstance(raw, list) else [] if raw in (None, "") else [raw]
        texts = [str(one.get("other", "")) for one in answers if isinstance(one, dict)]
        return cls([OTHER if isinstance(one, dict) else str(one) for one in answers], "".join(texts))


class _OtherWidget(ChoiceWidget):
    """A widget beside which something may be written; the template shows the box."""

    class Media:
        js: ClassVar = [Script("forms/other.js", defer=True)]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Picked:
        """Take both; whoever writes without picking means “other”."""
        picked = super().value_from_datadict(data, files, name)
        values = picked if isinstance(picked, list | tuple) else [picked] if picked else []
        text = data.get(f"{name}-other", "")
        return Picked([str(value) for value in values], text if isinstance(text, str) else "")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Say no: an empty question is an answer too."""
        return False

    def format_value(self, value: Any) -> Any:
        """Return the picked values."""
        return super().format_value(value.values if isinstance(value, Picked) else value)


class OtherRadio(_OtherWidget, forms.RadioSelect):
    """Buttons."""


class OtherSelect(_OtherWidget, forms.Select):
    """A drop-down list."""


class OtherCheckboxes(_OtherWidget, forms.CheckboxSelectMultiple):
    """Boxes to tick."""


_WIDGETS: dict[type[forms.Widget], type[forms.Widget]] = {
    forms.RadioSelect: OtherRadio,
    forms.Select: OtherSelect,
    forms.CheckboxSelectMultiple: OtherCheckboxes,
}


def _text_of(picked: Picked) -> str:
    """Return the own words, clean. Raises ValidationError."""
    text = clean_text(picked.text)
    if not text:
        raise forms.ValidationError(_("Please say in the box what else it is."), code="other")
    if len(text) > LIMIT:
        raise forms.ValidationError(
            _("The other answer may have at most %(limit)s characters.") % {"limit": LIMIT}, code="max_length"
        )
    return text


def _posted(value: Any) -> Picked:
    picked = value if isinstance(value, Picked) else Picked.of(value)
    return Picked([OTHER], picked.text) if clean_text(picked.text) and not any(picked.values) else picked


class OtherChoiceField(forms.ChoiceField):
    """One of the answers, or `{"other": text}`."""

    takes_other = True

    def __init__(self, *, widget: type[forms.Widget], **kwargs: Any) -> None:
        super().__init__(widget=_WIDGETS[widget], **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the raw answer."""
        picked = _posted(value)
        found = super().clean(picked.values[0] if picked.values else "")
        return {"other": _text_of(picked)} if found == OTHER else found

    def prepare_value(self, value: Any) -> Any:
        """Return what the widget and the box beside it show."""
        return value if isinstance(value, Picked) else Picked.of(value)


class OtherChoicesField(forms.MultipleChoiceField):
    """Some of the answers, with `{"other": text}` among them."""

    takes_other = True

    def __init__(self, *, widget: type[forms.Widget], **kwargs: Any) -> None:
        super().__init__(widget=_WIDGETS[widget], **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the raw answer."""
        picked = _posted(value)
        return [{"other": _text_of(picked)} if one == OTHER else one for one in super().clean(picked.values)]

    def prepare_value(self, value: Any) -> Any:
        """Return what the widget and the box beside it show."""
        return value if isinstance(value, Picked) else Picked.of(value)
