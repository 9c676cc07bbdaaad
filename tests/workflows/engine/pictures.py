"""What must hold for every picture of a flow."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

from workflows.engine.layout import Box, Layout

EPSILON = 0.01


def apart(one: Box, other: Box) -> bool:
    """Tell whether two rectangles do not overlap."""
    return (
        one.x + one.width <= other.x + EPSILON
        or other.x + other.width <= one.x + EPSILON
        or one.bottom <= other.y + EPSILON
        or other.bottom <= one.y + EPSILON
    )


def holds(outer: Box, inner: Box) -> bool:
    """Tell whether one rectangle lies inside another."""
    return (
        outer.x <= inner.x + EPSILON
        and outer.y <= inner.y + EPSILON
        and inner.x + inner.width <= outer.x + outer.width + EPSILON
        and inner.bottom <= outer.bottom + EPSILON
    )


def is_tidy(layout: Layout) -> None:
    """Check that boxes and labels lie apart, frames around what they hold, lines beside boxes, all inside."""
    desk = Box("desk", "desk", 0, 0, layout.width, layout.height)
    frames = list(layout.of("frame"))
    rest = [*layout.of("cell"), *layout.of("label")]
    for box in layout.boxes:
        assert holds(desk, box), box
    for one, other in combinations(rest, 2):
        assert apart(one, other), (one, other)
    for frame in frames:
        for box in [*rest, *frames]:
            assert apart(frame, box) or holds(frame, box) or holds(box, frame), (frame, box)
    for edge in layout.edges:
        crossed = [box for box in rest if box.key not in (edge.source, edge.target, edge.label)]
        for line in pairwise(edge.points):
            way = _thin(line)
            assert holds(desk, way), edge
            assert line[0][0] == line[1][0] or line[0][1] == line[1][1], f"a slanted line: {edge}"
            for box in crossed:
                assert apart(_smaller(box), way), (edge, box)


def _thin(line: Any) -> Box:
    (x1, y1), (x2, y2) = line
    return Box("line", "line", min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))


def _smaller(box: Box) -> Box:
    return Box(box.key, box.role, box.x + 0.1, box.y + 0.1, box.width - 0.2, box.height - 0.2)
