"""The diagram shows where a dossier stands, in a picture and in words."""

from __future__ import annotations

from xml.etree import ElementTree

from tests.factories.flows import act, approve, definition, open_for, signature_flow
from tests.workflows.engine.pictures import is_tidy
from workflows.definitions.api import Definition
from workflows.engine.api import Extra, draw, draw_definition, way_of
from workflows.engine.lettering import width_of, wrapped

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
    is_tidy(draw(way_of(open_for(office, version))).layout)


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
    is_tidy(drawing.layout)
    # What runs by itself says what it is.
    assert "step is-waiting is-automatic" in rects(drawing)
    assert "Wait" in texts(drawing) or "Chờ" in texts(drawing)


def test_a_plan_says_who_acts_until_when_and_what_leads_back(office):
    raw = signature_flow()
    raw["flow"]["steps"][2] |= {
        "days": 2,
        "return_to": ["submitter", "op_tc"],
        "outcomes": ["approve", "return"],
    }
    drawing = draw_definition(Definition.parse(raw))
    shown = " ".join(texts(drawing))
    words = [line.text for line in drawing.lines]
    for part in ("Phòng TC", "2 ngày làm việc", "↩", "Ý kiến TC"):
        assert part in shown
    [sign] = [text for text in words if text.startswith("Duyệt sign")]
    assert "Ý kiến TC" in sign
    assert "2 ngày làm việc" in sign
    # The condition in words, with the label of its question and a readable amount.
    assert "Số tiền > 50.000.000" in words
    assert "amount" not in shown


def test_findings_stand_at_the_step_that_they_concern(office):
    definition_ = Definition.parse(signature_flow())
    places = {"flow.steps[1].branches[0].steps[0]": [1, 3]}
    links = {"flow.steps[2]": "#sign"}
    drawing = draw_definition(definition_, Extra(places, links))
    assert texts(drawing).count("⚠ 1, 3") == 1
    assert [css for css in rects(drawing) if "is-faulty" in css] == ["step is-planned is-faulty"]
    assert any("1, 3" in line.text and line.text.startswith("Duyệt finance") for line in drawing.lines)
    root = ElementTree.fromstring(drawing.svg)
    [link] = root.iter(f"{SVG}a")
    assert link.get("href") == "#sign"
    assert root.get("role") == "group"


def test_the_same_for_each_is_drawn_as_a_pile(office):
    body = [approve("op", {"item": "head"})]
    each = {
        "id": "u",
        "kind": "each",
        "title": "Đơn vị",
        "of": {"departments": ["TC"]},
        "branches": [{"steps": body}],
    }
    classes = rects(draw_definition(Definition.parse(definition(each))))
    assert len([css for css in classes if "is-sheet" in css]) == 2


def test_a_long_label_of_a_branch_is_wrapped_and_said_in_full(office):
    raw = signature_flow()
    title = "Trường hợp kinh phí thực hiện vượt quá năm mươi triệu đồng và phải trình Chủ tịch quyết định"
    raw["flow"]["steps"][1]["branches"][0]["title"] = title
    drawing = draw(way_of(open_for(office, office.publish(raw))))
    assert title in " ".join(texts(drawing))
    assert title in [line.text for line in drawing.lines]


def test_words_are_broken_where_they_fit_and_inside_when_they_never_would():
    lines = wrapped("Nghiêng nghiêng " * 20, 13, 200, 4)
    assert len(lines) == 4
    assert lines[-1].endswith("…")
    assert all(width_of(line, 13) <= 200 for line in lines)
    long = wrapped("W" * 100, 13, 200, 99)
    assert "".join(long) == "W" * 100
    assert all(width_of(line, 13) <= 200 for line in long)
    assert wrapped("", 13, 200, 3) == []


def test_accents_cost_no_room_and_wide_letters_do():
    assert width_of("Nguyễn", 13) == width_of("Nguyen", 13)
    assert width_of("ẩ", 13) == width_of("a", 13)
    assert width_of("ứ", 13) > width_of("u", 13)
    assert width_of("漢字", 10) >= 20
