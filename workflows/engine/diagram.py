"""Draws a flow as SVG with the state of each step in it, and says the same in words.

Definitions are nested blocks, so the layout is: a sequence stacks its parts, a block sets its branches side by side.
Colours come from `engine/diagram.css` (classes `step`, `is-open`, …), so that dark mode and print follow the theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from home.forms.api import localized
from workflows.steps.api import HumanSpec, StepSpec, generated_specs, steps

from .queries import StepState, Way

BOX_WIDTH, LINE, PAD, GAP, ARROW, CAP = 208, 17, 10, 20, 30, 34
CHARS = 27
#: Room for one letter of the label of a branch.
LABEL_CHAR = 7


@dataclass(frozen=True)
class Line:
    """One line of the text alternative: `depth` is how far it is nested."""

    depth: int
    text: str
    state: str


@dataclass(frozen=True)
class Drawing:
    """The picture and what it says."""

    svg: SafeString
    lines: list[Line]


@dataclass(frozen=True)
class _Part:
    """A laid-out part: its size, and its drawing with the origin at its upper left corner; it is centred."""

    width: int
    height: int
    drawing: SafeString


def draw(way: Way) -> Drawing:
    """Draw the whole flow from start to end."""
    body = _sequence(way.definition.flow.steps, way)
    again = [_step(spec, way.states[spec.id]) for spec in generated_specs() if spec.id in way.states]
    whole = _stack([_terminal(_("Start"), "start"), *again, body, _terminal(_("End"), "end")])
    svg = format_html(
        '<svg class="flow-diagram" xmlns="http://www.w3.org/2000/svg" role="img" width="{w}" height="{h}"'
        ' viewBox="-4 -4 {w} {h}" aria-labelledby="flow-diagram-title">'
        '<title id="flow-diagram-title">{title}</title>{marker}{body}</svg>',
        w=whole.width + 8,
        h=whole.height + 8,
        title=_("Flow of the dossier: %(title)s") % {"title": localized(way.definition.title)},
        marker=_MARKER,
        body=whole.drawing,
    )
    return Drawing(svg, _lines(way.definition.flow.steps, way, 0))


_MARKER = format_html(
    '<defs><marker id="{}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
    '<path class="arrow-head" d="M0 0L10 5L0 10z"/></marker></defs>',
    "flow-arrow",
)


def _at(x: float, y: float, part: _Part) -> SafeString:
    return format_html('<g transform="translate({},{})">{}</g>', round(x, 1), round(y, 1), part.drawing)


def _arrow(x: float, top: float, bottom: float) -> SafeString:
    return format_html(
        '<path class="edge" d="M{x} {top}V{bottom}" marker-end="url(#flow-arrow)"/>',
        x=round(x, 1),
        top=round(top, 1),
        bottom=round(bottom, 1),
    )


def _line(points: Sequence[tuple[float, float]]) -> SafeString:
    path = " ".join(
        f"{'L' if index else 'M'}{round(x, 1)} {round(y, 1)}" for index, (x, y) in enumerate(points)
    )
    return format_html('<path class="edge" d="{}"/>', path)


def _text(x: float, y: float, words: str, css: str) -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}">{}</text>', css, round(x, 1), round(y, 1), words)


def _join(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _stack(parts: Sequence[_Part]) -> _Part:
    """Set parts under each other, centred, with arrows between them."""
    width = max(part.width for part in parts)
    drawn: list[SafeString] = []
    y = 0
    for index, part in enumerate(parts):
        if index:
            drawn.append(_arrow(width / 2, y, y + ARROW))
            y += ARROW
        drawn.append(_at((width - part.width) / 2, y, part))
        y += part.height
    return _Part(width, y, _join(drawn))


def _terminal(words: str, css: str) -> _Part:
    pill = format_html('<rect class="terminal {css}" width="{w}" height="{h}" rx="15"/>', css=css, w=96, h=30)
    return _Part(96, 30, _join([pill, _text(48, 20, words, "terminal-text")]))


def _sequence(specs: Sequence[StepSpec], way: Way) -> _Part:
    if not specs:
        return _Part(BOX_WIDTH, 18, _line([(BOX_WIDTH / 2, 0), (BOX_WIDTH / 2, 18)]))
    return _stack([_part(spec, way) for spec in specs])


def _part(spec: StepSpec, way: Way) -> _Part:
    state = way.states.get(spec.id, StepState(spec.id, "waiting"))
    kind = steps.get(spec.kind)
    if not kind.branches(spec):
        return _step(spec, state)
    return _fork(spec, state, way) if kind.forks else _block(spec, state, way)


def _step(spec: StepSpec, state: StepState) -> _Part:
    """Draw one step: its title and, below, who has it or how it ended."""
    title = wrap(localized(spec.title), CHARS, max_lines=3, placeholder="…") or [spec.id]
    note = _note(spec, state)
    height = PAD * 2 + LINE * (len(title) + bool(note)) - 3
    middle = BOX_WIDTH / 2
    drawn = [
        format_html(
            '<rect class="step is-{}{}" width="{}" height="{}" rx="6"/>',
            state.state,
            "" if isinstance(spec, HumanSpec) else " is-automatic",
            BOX_WIDTH,
            height,
        ),
        format_html("<title>{}</title>", f"{localized(spec.title)} – {state_words(spec, state)}"),
    ]
    drawn += [
        _text(middle, PAD + LINE * (index + 1) - 5, words, "step-title") for index, words in enumerate(title)
    ]
    if note:
        drawn.append(_text(middle, PAD + LINE * (len(title) + 1) - 5, note, "step-note"))
    return _Part(BOX_WIDTH, height, format_html("<g>{}</g>", _join(drawn)))


def _note(spec: StepSpec, state: StepState) -> str:
    words = outcome_words(spec, state.outcome) if state.outcome else ""
    if state.state == "cancelled":
        words = _("no longer needed")
    name = str(state.owner) if state.owner else ""
    # What runs by itself has no name to show: say what it does.
    what = "" if isinstance(spec, HumanSpec) else str(steps.get(spec.kind).title)
    if what == localized(spec.title):
        what = ""
    return _short(" · ".join(filter(None, [words, name])) or what, 32)


def _short(words: str, limit: int) -> str:
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def _block(spec: StepSpec, state: StepState, way: Way) -> _Part:
    """Draw the branches of a block side by side between a head with its title and a foot."""
    head = _cap(spec, state, steps.get(spec.kind).block_words(spec))
    return _under(head, _fan(_branch_columns(spec, way)))


def _fork(spec: StepSpec, state: StepState, way: Way) -> _Part:
    """Draw a step that is done by itself, and under it the way straight on beside the ways of its branches."""
    kind = steps.get(spec.kind)
    usual = [str(outcome.label) for outcome in kind.outcomes(spec)[:1]]
    straight = _column("".join(usual), _sequence([], way))
    return _under(_step(spec, state), _fan([straight, *_branch_columns(spec, way)]))


def _branch_columns(spec: StepSpec, way: Way) -> list[_Part]:
    kind = steps.get(spec.kind)
    return [
        _column(kind.branch_words(spec, index), _sequence(branch.steps, way))
        for index, branch in enumerate(kind.branches(spec))
    ]


def _under(head: _Part, fan: _Part) -> _Part:
    width = max(head.width, fan.width)
    drawn = [_at((width - head.width) / 2, 0, head), _at((width - fan.width) / 2, head.height, fan)]
    return _Part(width, head.height + fan.height, _join(drawn))


def _fan(columns: Sequence[_Part]) -> _Part:
    """Set columns side by side, with lines from the middle above to each and from each to the middle below."""
    inner = max(column.height for column in columns)
    width = sum(column.width for column in columns) + GAP * (len(columns) - 1)
    middle, foot = width / 2, ARROW * 2 + inner
    drawn: list[SafeString] = []
    x = 0.0
    for column in columns:
        centre = x + column.width / 2
        drawn.append(_line([(middle, 0), (middle, 10), (centre, 10), (centre, ARROW)]))
        drawn.append(_at(x, ARROW, column))
        drawn.append(_line([(centre, ARROW + column.height), (centre, foot - 10), (middle, foot - 10)]))
        x += column.width + GAP
    drawn.append(_line([(middle, foot - 10), (middle, foot)]))
    return _Part(width, foot, _join(drawn))


def _column(words: str, body: _Part) -> _Part:
    """Draw a branch under its condition or name."""
    if not words:
        return body
    label = _short(words, 34)
    width = max(body.width, len(label) * LABEL_CHAR)
    parts = [
        _text(width / 2, 13, label, "branch-label"),
        _arrow(width / 2, 19, 34),
        _at((width - body.width) / 2, 34, body),
    ]
    return _Part(width, body.height + 34, _join(parts))


def _cap(spec: StepSpec, state: StepState, rule: str) -> _Part:
    words = _short(" · ".join(filter(None, [localized(spec.title), rule])), 56)
    width = max(BOX_WIDTH, len(words) * 7 + 24)
    drawn = [
        format_html('<rect class="block is-{}" width="{}" height="{}" rx="17"/>', state.state, width, CAP),
        _text(width / 2, CAP / 2 + 5, words, "block-title"),
    ]
    return _Part(width, CAP, _join(drawn))


def outcome_words(spec: StepSpec, code: str) -> str:
    """Return what the button of an outcome says; an outcome that is gone shows its code."""
    labels = {outcome.code: str(outcome.label) for outcome in steps.get(spec.kind).outcomes(spec)}
    return labels.get(code, code)


def state_words(spec: StepSpec, state: StepState) -> str:
    """Say how far a step has come."""
    match state.state:
        case "open":
            return _("waits for %(name)s") % {"name": state.owner} if state.owner else _("open")
        case "done":
            words = [outcome_words(spec, state.outcome) if state.outcome else _("done")]
            return ", ".join(words + ([str(state.owner)] if state.owner else []))
        case "cancelled":
            return _("no longer needed")
    return _("not reached yet")


def _lines(specs: Sequence[StepSpec], way: Way, depth: int) -> list[Line]:
    lines: list[Line] = []
    for spec in specs:
        state = way.states.get(spec.id, StepState(spec.id, "waiting"))
        kind = steps.get(spec.kind)
        branches = kind.branches(spec)
        words = kind.block_words(spec) if branches and not kind.forks else state_words(spec, state)
        lines.append(Line(depth, ": ".join(filter(None, [localized(spec.title), words])), state.state))
        for index, branch in enumerate(branches):
            label = kind.branch_words(spec, index) or _("Branch %(number)s") % {"number": index + 1}
            lines.append(Line(depth + 1, label, ""))
            lines += _lines(branch.steps, way, depth + 2)
    return lines
