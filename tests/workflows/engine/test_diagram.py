"""The diagram shows where a dossier stands, in a picture and in words."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from tests.factories.flows import act, approve, definition, open_for
from workflows.engine.api import draw, way_of

SVG = "{http://www.w3.org/2000/svg}"


def rects(drawing):
    root = ElementTree.fromstring(drawing.svg)
    return [rect.get("class") for rect in root.iter(f"{SVG}rect")]


def test_states_are_drawn(office, version):
    dossier = open_for(office, version)
    act(dossier, "op_tc", office.tc1, "agree")
    act(dossier, "op_kt", office.kt1, "agree")
    classes = rects(draw(way_of(dossier)))
    assert classes.count("step is-done") == 2
    assert classes.count("step is-cancelled") == 1
    assert classes.count("step is-open") == 1


def test_a_returned_dossier_shows_the_submitters_turn(office, version):
    dossier = open_for(office, version)
    act(dossier, "op_tc", office.tc1, "disagree", note="Thiếu")
    act(dossier, "op_kt", office.kt1, "disagree", note="Thiếu")
    assert "Người nộp hoàn thiện lại" in draw(way_of(dossier)).svg


def test_the_words_say_the_same(office, version):
    dossier = open_for(office, version)
    act(dossier, "op_tc", office.tc1, "agree")
    lines = {line.text: line for line in draw(way_of(dossier)).lines}
    agreed = next(text for text in lines if text.startswith("Ý kiến TC"))
    assert str(office.tc1) in agreed
    assert lines[agreed].state == "done"


def test_typed_text_is_never_markup(office):
    raw = definition(approve("sign", {"position": "chair", "department": "LD"}))
    raw["flow"]["steps"][0]["title"] = "<script>alert(1)</script> {{ 7|add:7 }}"
    svg = draw(way_of(open_for(office, office.publish(raw)))).svg
    assert "<script>" not in svg
    assert "{{ 7|add:7 }}" in svg


def test_boxes_never_overlap(office, version):
    root = ElementTree.fromstring(draw(way_of(open_for(office, version))).svg)
    boxes = list(_boxes(root, 0, 0))
    for index, (x, y, w, h) in enumerate(boxes):
        for ox, oy, ow, oh in boxes[index + 1 :]:
            apart = x + w <= ox or ox + ow <= x or y + h <= oy or oy + oh <= y
            assert apart, ((x, y, w, h), (ox, oy, ow, oh))


def _boxes(node, x, y):
    for child in node:
        cx, cy = x, y
        if shift := re.match(r"translate\(([\d.-]+),([\d.-]+)\)", child.get("transform", "")):
            cx, cy = x + float(shift[1]), y + float(shift[2])
        if child.tag == f"{SVG}rect":
            left, top = float(child.get("x", 0)), float(child.get("y", 0))
            yield cx + left, cy + top, float(child.get("width")), float(child.get("height"))
        yield from _boxes(child, cx, cy)
