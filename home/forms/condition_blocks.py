"""Blocks with which an administrator says when something applies: lines that are picked, or CEL.

What they look like in the browser is in `forms/editor.js`; what they store, and how it is checked, is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter

from .picking import OPERATORS

_SCRIPTS = ("wagtailadmin/js/telepath/blocks.js", "wagtailadmin/js/telepath/widgets.js", "forms/editor.js")


def editor_media(scripts: tuple[str, ...] = (), styles: tuple[str, ...] = ()) -> forms.Media:
    """Return the script and the style of the editor of forms, with those that build on them behind."""
    return forms.Media(
        js=[versioned_static(path) for path in (*_SCRIPTS, *scripts)],
        css={"all": [versioned_static(path) for path in ("forms/editor.css", *styles)]},
    )


class PickInput(forms.TextInput):
    """A code that is chosen from a list, which the page fills: `picks` names the list, `only` limits it to kinds,
    `extra` are fixed entries above it."""

    def __init__(
        self, picks: str = "question", only: tuple[str, ...] = (), extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__()
        self.picks, self.only, self.extra = picks, only, dict(extra or {})


class PickInputAdapter(WidgetAdapter):
    """Hands the browser what may be chosen."""

    js_constructor = "forms.Pick"

    def js_args(self, widget: PickInput) -> list[Any]:
        """Return the source, the kinds that it is limited to, and the fixed entries."""
        return [widget.picks, list(widget.only), list(widget.extra.items())]

    @cached_property
    def media(self) -> forms.Media:
        """Return the script."""
        return editor_media()


register(PickInputAdapter(), PickInput)


class PickBlock(blocks.FieldBlock):
    """A code that is chosen from a list; of the questions of the page, unless the widget says otherwise."""

    def __init__(self, widget: PickInput | None = None, help_text: Any = None, **kwargs: Any) -> None:
        self.field = forms.CharField(
            required=False, help_text=help_text, widget=widget or PickInput(), max_length=200
        )
        super().__init__(**kwargs)

    def get_searchable_content(self, value: Any) -> list[str]:
        """Return nothing: codes are not for searching."""
        return []

    class Meta:
        default = ""


class LineBlock(blocks.StructBlock):
    """One comparison."""

    field = PickBlock(label=_("Question"))
    op = blocks.ChoiceBlock(
        choices=[(code, words) for code, (words, _shapes) in OPERATORS.items()],
        label=_("Comparison"),
        default="eq",
        required=False,
    )
    value = blocks.CharBlock(label=_("Value"), required=False, max_length=500)

    class Meta:
        form_classname = "struct-block forms-line"
        label = _("Comparison")
        label_format = ""


class LinesBlock(blocks.ListBlock):
    """Any number of comparisons; a form that was sent without them has none."""

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> Any:
        """Read what was sent."""
        if f"{prefix}-count" not in data:
            return self.get_default()
        return super().value_from_datadict(data, files, prefix)


class ConditionBlock(blocks.StructBlock):
    """Comparisons that are picked, or an expression of the expert; the expression wins."""

    rows = LinesBlock(LineBlock(), label=_("Comparisons"), default=[])
    join = blocks.ChoiceBlock(
        choices=[("all", _("All of these hold")), ("any", _("One of these holds"))],
        default="all",
        required=False,
        label=_("If there are several"),
    )
    expert = blocks.TextBlock(
        rows=2,
        required=False,
        label=_("Expression (CEL), for experts"),
        help_text=_("If something stands here, it counts instead of the comparisons above."),
    )

    class Meta:
        form_classname = "struct-block forms-condition"
        form_layout = blocks.BlockGroup(
            children=[
                "rows",
                "join",
                blocks.BlockGroup(
                    children=["expert"],
                    heading=_("For experts"),
                    classname="collapsed",
                    icon="code",
                    label_format="",
                ),
            ]
        )
