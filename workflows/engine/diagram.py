"""Draws a flow as SVG, and says the same in words.

`outline.py` says what is shown, `layout.py` where it lies. Colours come from `engine/diagram.css` (classes `step`,
`is-open`, …), so that dark mode and print follow the theme; zoom comes from `engine/diagram.js`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from home.base.api import icon_shape
from home.forms.api import localized
from workflows.definitions.api import Definition, Names
from workflows.steps.api import generated_specs

from .layout import SHEETS, Box, Cell, Edge, Fork, Lane, Layout, Piece, lay_out
from .lettering import width_of, wrapped
from .outline import CHOICE, EACH, PERSON, Part, Route, outline
from .queries import Way

#: Sizes in pixels: a box, the column of its icon, the letters of titles and notes, the distances of their lines.
WIDTH, ICON, TITLE, NOTE, TITLE_LINE, NOTE_LINE, PAD = 244.0, 32.0, 13.0, 12.0, 18.0, 16.0, 10.0
LABEL_ROOM, HEAD_ROOM = 210.0, 260.0
MAX_TITLE, MAX_NOTE, MAX_LABEL = 6, 4, 6
#: How far the tips of a condition stick out.
NOSE = 12.0


@dataclass(frozen=True)
class Line:
    """One line of the text alternative: `depth` is how far it is nested."""

    depth: int
    text: str
    state: str


@dataclass(frozen=True)
class Drawing:
    """The picture, what it says in words, and where everything lies."""

    svg: SafeString
    lines: list[Line]
    layout: Layout


@dataclass(frozen=True)
class Extra:
    """What a preview adds: by place the numbers of findings, and the address of the part in the editor.

    `name` tells several pictures on one page apart.
    """

    findings: Mapping[str, Sequence[int]] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    name: str = "flow-diagram"


@dataclass(frozen=True)
class _Text:
    """Lines of one kind in a box."""

    css: str
    lines: Sequence[str]
    step: float


@dataclass(frozen=True)
class _Drawn:
    """A cell and what is written in it."""

    cell: Cell
    css: str
    texts: Sequence[_Text] = ()
    part: Part | None = None


def draw(way: Way) -> Drawing:
    """Draw the flow of a dossier with the state of every step; at most three queries for names."""
    definition = way.definition
    names = Names.of(definition.canonical())
    parts = outline(definition.flow.steps, names, way.states)
    again = [spec for spec in generated_specs() if spec.id in way.states]
    first = outline(again, names, way.states, place="generated")
    title = _("Flow of the dossier: %(title)s") % {"title": localized(definition.title)}
    return draw_parts([*first, *parts], title)


def draw_definition(
    definition: Definition, extra: Extra | None = None, names: Names | None = None
) -> Drawing:
    """Draw a definition as it will run; without `names` at most three queries look them up."""
    names = names or Names.of(definition.canonical())
    title = _("Flow: %(title)s") % {"title": localized(definition.title)}
    return draw_parts(outline(definition.flow.steps, names), title, extra)


def draw_parts(parts: Sequence[Part], title: str, extra: Extra | None = None) -> Drawing:
    """Draw parts that follow each other, from start to end."""
    pen = _Pen(extra or Extra())
    body = pen.sequence(parts)
    layout = lay_out([pen.terminal("start", _("Start")), *body, pen.terminal("end", _("End"))])
    return Drawing(pen.picture(layout, title), list(_lines(parts, pen.extra, 0)), layout)


class _Pen:
    """Turns parts into cells with their texts, and placed cells into SVG."""

    def __init__(self, extra: Extra) -> None:
        self.extra = extra
        self.drawn: dict[str, _Drawn] = {}
        #: How many frames enclose the part in hand: a label has the colour of what it lies on.
        self.frames = 0

    def keep(self, drawn: _Drawn) -> Cell:
        self.drawn[drawn.cell.key] = drawn
        return drawn.cell

    # --- what is placed --------------------------------------------------------------------------------------

    def terminal(self, key: str, words: str) -> Cell:
        width = _even(max(96.0, width_of(words, TITLE) + 32))
        text = _Text("terminal-text", [words], TITLE_LINE)
        return self.keep(_Drawn(Cell(key, width, 30), f"terminal {key}", [text]))

    def sequence(self, parts: Sequence[Part]) -> tuple[Piece, ...]:
        return tuple(self.piece(part) for part in parts)

    def piece(self, part: Part) -> Piece:
        """Return the box of a part, or the fork that it opens."""
        gateway = part.is_block or part.shape == CHOICE
        head = self.head(part) if gateway else self.box(part)
        if not part.ways:
            return head
        self.frames += part.is_block
        lanes = tuple(self.lane(part, index, way) for index, way in enumerate(part.ways))
        self.frames -= part.is_block
        foot = Cell(f"{part.place}:foot", 56, 6) if part.is_block else Cell(f"{part.place}:foot", 8, 8)
        self.keep(_Drawn(foot, "bar" if part.is_block else "joint"))
        frame = f"{part.place}:frame" if part.is_block else ""
        if frame:
            self.keep(_Drawn(Cell(frame, 0, 0), f"frame is-{part.state}", part=part))
        return Fork(head, lanes, foot, frame, stacked=part.shape == EACH)

    def lane(self, part: Part, index: int, way: Route) -> Lane:
        texts = [
            _Text(css, wrapped(words, NOTE, LABEL_ROOM, MAX_LABEL), NOTE_LINE)
            for words, css in ((way.label, "branch-label"), (way.note, "branch-note"))
            if words.strip()
        ]
        if not texts:
            return Lane(self.sequence(way.parts))
        lines = [line for text in texts for line in text.lines]
        width = _even(max(width_of(line, NOTE) for line in lines) + 12)
        cell = Cell(f"{part.place}:way{index}", width, NOTE_LINE * len(lines) + 6)
        self.keep(_Drawn(cell, "branch-back" + (" is-inside" if self.frames else ""), texts))
        return Lane(self.sequence(way.parts), cell)

    def texts(self, part: Part, room: float) -> list[_Text]:
        """Return what is written in a box: title, notes, ways back, and the numbers of findings."""
        found = [_Text("step-title", wrapped(part.title, TITLE, room, MAX_TITLE), TITLE_LINE)]
        rows = [(note, "step-note") for note in part.notes] + [(mark, "step-mark") for mark in part.marks]
        if numbers := self.extra.findings.get(part.place):
            rows.append((f"⚠ {', '.join(map(str, numbers))}", "step-fault"))
        return found + [_Text(css, wrapped(words, NOTE, room, MAX_NOTE), NOTE_LINE) for words, css in rows]

    def box(self, part: Part) -> Cell:
        """Return the box of a step."""
        texts = self.texts(part, WIDTH - ICON - PAD)
        css = f"step is-{part.state}" + ("" if part.shape == PERSON else " is-automatic")
        return self.keep(_Drawn(Cell(part.place, WIDTH, _tall(texts)), css + self.fault(part), texts, part))

    def head(self, part: Part) -> Cell:
        """Return the head of a block or condition, as wide as its words."""
        texts = self.texts(part, HEAD_ROOM)
        sizes = {"step-title": TITLE}
        widest = max(
            (width_of(line, sizes.get(text.css, NOTE)) for text in texts for line in text.lines), default=0
        )
        css = f"block is-{part.state}" + (" is-choice" if part.shape == CHOICE else "")
        width = _even(max(120.0, widest + ICON + PAD + 2 * NOSE))
        cell = Cell(part.place, width, _tall(texts))
        return self.keep(_Drawn(cell, css + self.fault(part), texts, part))

    def fault(self, part: Part) -> str:
        return " is-faulty" if part.faulty or self.extra.findings.get(part.place) else ""

    # --- what is drawn ---------------------------------------------------------------------------------------

    def picture(self, layout: Layout, title: str) -> SafeString:
        order = {"frame": 0, "label": 1, "cell": 2}
        boxes = sorted(layout.boxes, key=lambda box: order[box.role])
        frames = [self.shape(box) for box in boxes if box.role == "frame"]
        edges = [self.edge(edge) for edge in layout.edges]
        rest = [self.shape(box) for box in boxes if box.role != "frame"]
        # What holds links is a group of things, not one picture.
        role = "group" if self.extra.links else "img"
        return format_html(
            '<svg class="flow-diagram" xmlns="http://www.w3.org/2000/svg" role="{role}" width="{w}" height="{h}"'
            ' viewBox="0 0 {w} {h}" aria-labelledby="{name}-title">'
            '<title id="{name}-title">{title}</title>{marker}{body}</svg>',
            role=role,
            w=_px(layout.width),
            h=_px(layout.height),
            name=self.extra.name,
            title=title,
            marker=_marker(self.extra.name),
            body=_joined([*frames, *edges, *rest]),
        )

    def edge(self, edge: Edge) -> SafeString:
        (x, y), *rest = edge.points
        path = f"M{_px(x)} {_px(y)}" + "".join(f"L{_px(to_x)} {_px(to_y)}" for to_x, to_y in rest)
        target = self.drawn[edge.target].css
        arrow = (
            mark_safe("")
            if target in ("joint", "bar")
            else format_html(' marker-end="url(#{}-arrow)"', self.extra.name)
        )
        return format_html('<path class="edge" d="{}"{}/>', path, arrow)

    def shape(self, box: Box) -> SafeString:
        """Draw one rectangle with its texts; a part that has an address is a link."""
        drawn = self.drawn[box.key]
        part = drawn.part if box.role == "cell" else None
        body = _joined([_outline(box, drawn), *self.written(box, drawn)])
        if part is None:
            return body
        title = format_html("<title>{}</title>", ": ".join(filter(None, [part.title, part.says])))
        inner = format_html('<g class="part" data-step="{}">{}{}</g>', part.id, title, body)
        link = self.extra.links.get(part.place)
        return format_html('<a href="{}" data-place="{}">{}</a>', link, part.place, inner) if link else inner

    def written(self, box: Box, drawn: _Drawn) -> Iterator[SafeString]:
        if not drawn.texts:
            return
        part = drawn.part
        nose = NOSE if "is-choice" in drawn.css else 0
        left, y = box.x + ICON + nose, box.y + PAD
        if part is None:
            left, y = box.axis, box.y + (box.height - sum(len(t.lines) * t.step for t in drawn.texts)) / 2
        elif part.icon:
            yield format_html(
                '<g class="step-icon" transform="translate({},{}) scale(0.75)">{}</g>',
                _px(box.x + 9 + nose),
                _px(box.y + PAD),
                icon_shape(part.icon),
            )
        for text in drawn.texts:
            for line in text.lines:
                y += text.step
                yield format_html(
                    '<text class="{}" x="{}" y="{}">{}</text>',
                    text.css,
                    _px(left),
                    _px(y - text.step * 0.28),
                    line,
                )


def _even(width: float) -> float:
    """Round up, so that the middle of everything is a whole number and lines stay straight."""
    return 2.0 * ceil(width / 2)


def _tall(texts: Sequence[_Text]) -> float:
    return PAD * 2 + sum(text.step * len(text.lines) for text in texts)


def _outline(box: Box, drawn: _Drawn) -> SafeString:
    """Draw what stands behind the words: a rectangle, sheets of paper on a pile, a bar, a point."""
    if "is-choice" in drawn.css:
        return _hexagon(box, drawn.css)
    sheets = (
        _sheets(box, drawn)
        if box.role == "frame" and drawn.part and drawn.part.shape == EACH
        else mark_safe("")
    )
    radius = {"terminal": 15, "block": 14, "frame": 14, "joint": 4, "bar": 3}.get(drawn.css.split()[0], 7)
    rect = format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>',
        drawn.css,
        _px(box.x),
        _px(box.y),
        _px(box.width),
        _px(box.height),
        radius,
    )
    return _joined([sheets, rect])


def _sheets(box: Box, drawn: _Drawn) -> SafeString:
    """Draw two more frames behind a frame: the same happens several times."""
    rects = [
        format_html(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="14"/>',
            f"{drawn.css} is-sheet",
            _px(box.x + shift),
            _px(box.y + shift),
            _px(box.width),
            _px(box.height),
        )
        for shift in (SHEETS, SHEETS / 2)
    ]
    return _joined(rects)


def _hexagon(box: Box, css: str) -> SafeString:
    left, right, top, bottom = box.x, box.x + box.width, box.y, box.bottom
    middle = (top + bottom) / 2
    points = [
        (left, middle),
        (left + NOSE, top),
        (right - NOSE, top),
        (right, middle),
        (right - NOSE, bottom),
        (left + NOSE, bottom),
    ]
    return format_html(
        '<polygon class="{}" points="{}"/>', css, " ".join(f"{_px(x)},{_px(y)}" for x, y in points)
    )


def _marker(name: str) -> SafeString:
    return format_html(
        '<defs><marker id="{}-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7"'
        ' orient="auto"><path class="arrow-head" d="M0 0L10 5L0 10z"/></marker></defs>',
        name,
    )


def _px(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _joined(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _lines(parts: Sequence[Part], extra: Extra, depth: int) -> Iterator[Line]:
    """Say everything that the picture shows, in its order."""
    for part in parts:
        words = [
            *part.notes,
            *([part.says] if part.says and part.says not in part.notes else []),
            *part.marks,
        ]
        if numbers := extra.findings.get(part.place):
            many = ngettext("finding %(numbers)s", "findings %(numbers)s", len(numbers))
            words.append(many % {"numbers": ", ".join(map(str, numbers))})
        said = " · ".join(words)
        yield Line(depth, f"{part.title}: {said}" if said else part.title, part.state)
        for index, way in enumerate(part.ways):
            if part.ways[0] is way and not way.parts and not part.is_block and part.shape != CHOICE:
                continue  # straight on
            label = way.label or _("Branch %(number)s") % {"number": index + 1}
            yield Line(depth + 1, f"{label} ({way.note})" if way.note else label, "")
            yield from _lines(way.parts, extra, depth + 2)
