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


OWN = {
    "code": "inspect",
    "label": "Kiểm tra thực địa",
    "steps": [approve("visit", {"user": "tc1"})],
}


def texts(drawing):
    return [text.text for text in ElementTree.fromstring(drawing.svg).iter(f"{SVG}text")]


def test_a_decision_with_outcomes_of_its_own_is_a_box_with_its_ways_below(office):
    raw = definition(approve("a", {"user": "kt1"}, branches=[OWN]), approve("z", {"user": "dt1"}))
    dossier = open_for(office, office.publish(raw))
    drawing = draw(way_of(dossier))
    assert rects(drawing).count("step is-open") == 1
    assert not [css for css in rects(drawing) if css.startswith("block")]
    assert texts(drawing).count("Kiểm tra thực địa") == 1
    assert str(office.kt1) in texts(drawing)
    act(dossier, "a", office.kt1, "inspect")
    drawing = draw(way_of(dossier))
    assert rects(drawing).count("step is-done") == 1
    assert [line.state for line in drawing.lines] == ["done", "", "open", "waiting"]
    assert str(office.kt1) in drawing.lines[0].text


def test_boxes_lie_apart_and_inside_the_picture_whatever_the_steps_are(office):
    wide = {
        "id": "units",
        "kind": "each",
        "title": "Lấy ý kiến của tất cả các đơn vị có liên quan đến nội dung",
        "of": {"departments": ["TC", "KT"]},
        "branches": [{"steps": [approve("op", {"item": "head"}, branches=[OWN])]}],
    }
    wait = {"id": "w", "kind": "wait", "title": "Chờ", "days": 5, "at_most": 9, "branches": [{"steps": []}]}
    raw = definition(approve("a", {"user": "kt1"}), wide, wait)
    drawing = draw(way_of(open_for(office, office.publish(raw))))
    root = ElementTree.fromstring(drawing.svg)
    boxes = list(_boxes(root, 0, 0))
    for index, (x, y, w, h) in enumerate(boxes):
        assert x >= 0
        assert x + w <= float(root.get("width")) - 8
        for ox, oy, ow, oh in boxes[index + 1 :]:
            assert x + w <= ox or ox + ow <= x or y + h <= oy or oy + oh <= y
    # What runs by itself says what it is.
    assert "step is-waiting is-automatic" in rects(drawing)
    assert "Wait" in texts(drawing) or "Chờ" in texts(drawing)


def _boxes(node, x, y):
    for child in node:
        cx, cy = x, y
        if shift := re.match(r"translate\(([\d.-]+),([\d.-]+)\)", child.get("transform", "")):
            cx, cy = x + float(shift[1]), y + float(shift[2])
        if child.tag == f"{SVG}rect":
            left, top = float(child.get("x", 0)), float(child.get("y", 0))
            yield cx + left, cy + top, float(child.get("width")), float(child.get("height"))
        yield from _boxes(child, cx, cy)
