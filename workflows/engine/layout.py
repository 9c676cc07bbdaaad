"""Where the boxes of a flow lie: a sequence stacks its pieces, a fork sets its lanes side by side.

Nothing here knows what is drawn, so that the picture on a page and the one for BPMN tools (BPMN 2.0, Diagram
Interchange) share it. All lengths are pixels, `y` grows downwards, and every piece is centred on its own axis.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: Between two boxes of a sequence; between two lanes; around what a frame holds.
ARROW, GAP, PAD = 30.0, 26.0, 16.0
#: From a head to the line that leads to its lanes, and from there to the lanes.
DROP = 16.0
#: How far the sheets of a stacked frame stick out.
SHEETS = 10.0


@dataclass(frozen=True)
class Cell:
    """A box to be placed."""

    key: str
    width: float
    height: float


@dataclass(frozen=True)
class Lane:
    """One way through a fork: the label above it, and what follows each other on it (may be nothing)."""

    pieces: tuple[Piece, ...] = ()
    label: Cell | None = None


@dataclass(frozen=True)
class Fork:
    """Lanes side by side between a head and a foot; `frame` is the key of a box around all of it, if there is one.

    A `stacked` frame is drawn as a pile; lines to and from a `closed` one end at the frame.
    """

    head: Cell
    lanes: tuple[Lane, ...]
    foot: Cell
    frame: str = ""
    stacked: bool = False
    closed: bool = False


Piece = Cell | Fork


@dataclass(frozen=True)
class Box:
    """A placed rectangle; `role` is `cell`, `label` or `frame`."""

    key: str
    role: str
    x: float
    y: float
    width: float
    height: float

    @property
    def axis(self) -> float:
        """Where edges enter and leave."""
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        """The lower end."""
        return self.y + self.height


@dataclass(frozen=True)
class Edge:
    """A line of straight parts from one cell to another; `label` is the key of the label that lies on it."""

    source: str
    target: str
    points: tuple[tuple[float, float], ...]
    label: str = ""


@dataclass(frozen=True)
class Layout:
    """A whole picture: its size, its rectangles (frames before what they hold) and its lines."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]

    def box(self, key: str) -> Box:
        """Return the rectangle called `key`. Raises KeyError."""
        for box in self.boxes:
            if box.key == key:
                return box
        raise KeyError(key)

    def of(self, role: str) -> Iterator[Box]:
        """Yield the rectangles of one role."""
        return (box for box in self.boxes if box.role == role)


def lay_out(pieces: Sequence[Piece], *, margin: float = 6.0) -> Layout:
    """Place pieces that follow each other."""
    width, height = _extent(pieces)
    desk = _Desk()
    desk.place(pieces, margin + width / 2, margin)
    return Layout(width + 2 * margin, height + 2 * margin, tuple(desk.boxes.values()), tuple(desk.edges))


def _extent(pieces: Sequence[Piece]) -> tuple[float, float]:
    """Return width and height of a sequence."""
    sizes = [_size(piece) for piece in pieces]
    if not sizes:
        return 0.0, 0.0
    return max(width for width, _height in sizes), sum(height for _width, height in sizes) + ARROW * (
        len(sizes) - 1
    )


def _size(piece: Piece) -> tuple[float, float]:
    if isinstance(piece, Cell):
        return piece.width, piece.height
    lanes = [_lane_size(lane) for lane in piece.lanes]
    width = max(piece.head.width, piece.foot.width, _fan_width(lanes))
    height = piece.head.height + DROP + max(tall for _wide, tall in lanes) + 2 * DROP + piece.foot.height
    if piece.frame:
        around = 2 * (PAD + (SHEETS if piece.stacked else 0.0))
        width, height = width + around, height + 2 * PAD + (SHEETS if piece.stacked else 0.0)
    return width, height


def _fan_width(lanes: Sequence[tuple[float, float]]) -> float:
    return sum(wide for wide, _tall in lanes) + GAP * (len(lanes) - 1)


def _lane_size(lane: Lane) -> tuple[float, float]:
    """Return width and height of a lane with the arrows into it."""
    width, height = _extent(lane.pieces)
    label = lane.label
    wide = max(width, label.width if label else 0.0)
    return wide, (label.height + DROP if label else 0.0) + DROP + height


class _Desk:
    """What is placed so far."""

    def __init__(self) -> None:
        self.boxes: dict[str, Box] = {}
        self.edges: list[Edge] = []

    def put(self, cell: Cell, axis: float, top: float, role: str = "cell") -> None:
        self.boxes[cell.key] = Box(cell.key, role, axis - cell.width / 2, top, cell.width, cell.height)

    def place(self, pieces: Sequence[Piece], axis: float, top: float) -> None:
        """Stack pieces on an axis, with an edge from each to the next."""
        before = ""
        for piece in pieces:
            if isinstance(piece, Cell):
                self.put(piece, axis, top)
            else:
                self.fork(piece, axis, top)
            if before:
                self.join(before, _entry(piece))
            before = _exit(piece)
            top += _size(piece)[1] + ARROW

    def join(self, source: str, target: str, label: str = "", bend: float | None = None) -> None:
        """Draw an edge from the bottom of one cell to the top of another; `bend` is where it turns sideways."""
        one, other = self.boxes[source], self.boxes[target]
        points = [(one.axis, one.bottom), (other.axis, other.y)]
        if bend is not None and abs(one.axis - other.axis) > 0.01:
            points[1:1] = [(one.axis, bend), (other.axis, bend)]
        self.edges.append(Edge(source, target, tuple(points), label))

    def fork(self, fork: Fork, axis: float, top: float) -> None:
        """Place head, lanes and foot of a fork, and the frame behind them."""
        if fork.frame:
            width, height = _size(fork)
            sheets = SHEETS if fork.stacked else 0.0
            frame = Cell(fork.frame, width - 2 * sheets, height - sheets)
            self.put(frame, axis, top, "frame")
            top += PAD
        self.put(fork.head, axis, top)
        sizes = [_lane_size(lane) for lane in fork.lanes]
        bus = top + fork.head.height + DROP
        inner = max(tall for _wide, tall in sizes)
        self.put(fork.foot, axis, bus + inner + 2 * DROP)
        left = axis - _fan_width(sizes) / 2
        for lane, (wide, _tall) in zip(fork.lanes, sizes, strict=True):
            self.lane(fork, lane, left + wide / 2, bus, bus + inner + DROP)
            left += wide + GAP

    def lane(self, fork: Fork, lane: Lane, axis: float, bus: float, end: float) -> None:
        """Place one lane; edges leave the head at `bus` and turn towards the foot at `end`."""
        top, label = bus, ""
        if lane.label:
            label = lane.label.key
            self.put(lane.label, axis, top + DROP / 2, "label")
            top += lane.label.height + DROP
        if not lane.pieces:
            self._straight(fork, label, axis, bus, end)
            return
        self.place(lane.pieces, axis, top + DROP)
        self.join(fork.head.key, _entry(lane.pieces[0]), label, bus)
        self.join(_exit(lane.pieces[-1]), fork.foot.key, "", end)

    def _straight(self, fork: Fork, label: str, axis: float, bus: float, end: float) -> None:
        """Draw the edge of a lane on which nothing happens."""
        head, foot = self.boxes[fork.head.key], self.boxes[fork.foot.key]
        points = [(head.axis, head.bottom), (axis, bus), (axis, end), (foot.axis, foot.y)]
        if abs(axis - head.axis) > 0.01:
            points[1:1] = [(head.axis, bus)]
            points[-1:-1] = [(foot.axis, end)]
        self.edges.append(Edge(fork.head.key, fork.foot.key, tuple(points), label))


def _entry(piece: Piece) -> str:
    if isinstance(piece, Cell):
        return piece.key
    return piece.frame if piece.closed else piece.head.key


def _exit(piece: Piece) -> str:
    if isinstance(piece, Cell):
        return piece.key
    return piece.frame if piece.closed else piece.foot.key
