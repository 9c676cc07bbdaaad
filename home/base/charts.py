"""Charts, drawn on the server: SVG without script or style of its own, so that the site's rules hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygal
from django.utils.safestring import SafeString, mark_safe
from lxml import etree
from pygal.style import Style

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
#: Nothing of this may be in a page: it would ask for a wider policy, or speak of who drew the chart.
_DROPPED = ("style", "script", "title")
#: Beyond so many bars a chart says less than its table.
MOST = 12


@dataclass(frozen=True)
class Bar:
    """One bar: how long it is, and the list behind it, if there is one."""

    value: float
    url: str = ""


@dataclass(frozen=True)
class Series:
    """The bars of one kind, one for each label; `tone` is a class of the style sheet."""

    name: str
    tone: str
    bars: Sequence[Bar]


def bar_chart(
    labels: Sequence[str], series: Sequence[Series], *, stacked: bool = False, legend: bool = True
) -> SafeString:
    """Return horizontal bars, the first label on top; empty where there is nothing to draw."""
    labels = labels[:MOST]
    if not labels or not any(bar.value for one in series for bar in one.bars[:MOST]):
        return SafeString("")
    rows = 1 if stacked else len(series)
    kind = pygal.HorizontalStackedBar if stacked else pygal.HorizontalBar
    chart = kind(_config(len(labels) * max(30, 18 * rows) + (90 if legend else 50), legend=legend))
    chart.x_labels = [_short(label) for label in reversed(labels)]
    for one in series:
        values = [_bar(bar) for bar in reversed(one.bars[:MOST])]
        chart.add(one.name, values)
    return _clean(chart.render_tree(), [one.tone for one in series])


def _bar(bar: Bar) -> dict[str, float | str] | None:
    if not bar.value:
        return None
    return {"value": bar.value, "xlink": bar.url} if bar.url else {"value": bar.value}


def _config(height: int, *, legend: bool) -> pygal.Config:
    return pygal.Config(
        js=[],
        css=[],
        style=Style(font_family="inherit", label_font_size=13, major_label_font_size=13, legend_font_size=13),
        width=580,
        height=height,
        margin=8,
        spacing=14,
        show_legend=legend,
        legend_at_bottom=True,
        print_values=True,
        print_zeroes=False,
        truncate_label=-1,
        truncate_legend=-1,
        formatter=_words,
        rounded_bars=2,
        disable_xml_declaration=True,
    )


def _words(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}".replace(".", ",")


def _short(label: str, limit: int = 28) -> str:
    return label if len(label) <= limit else f"{label[: limit - 1].rstrip()}…"


def _clean(tree: etree._Element, tones: Sequence[str]) -> SafeString:
    """Take out scripts, styles and what only scripts use; the page beside it is the text for those who do not see."""
    for element in list(tree.iter()):
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if not name or name in _DROPPED or name == "desc" or "tooltip-overlay" in element.get("class", ""):
            element.getparent().remove(element)
    for element in tree.iter():
        _plain(element)
    for number, tone in enumerate(tones):
        for element in tree.iter():
            classes = element.get("class", "").split()
            if f"color-{number}" in classes:
                element.set("class", " ".join([*classes, tone]))
    tree.set("class", "chart-svg")
    tree.set("focusable", "false")
    return mark_safe(etree.tostring(tree, encoding="unicode"))


def _plain(element: etree._Element) -> None:
    for name in ("style", "id", "target", "onclick"):
        element.attrib.pop(name, None)
    if (address := element.attrib.pop(_HREF, None)) is not None:
        # The table beside the chart has the same links, with words.
        element.set("href", address)
        element.set("tabindex", "-1")
