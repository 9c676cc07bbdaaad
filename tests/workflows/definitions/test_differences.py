"""What changed between two definitions is said in words: nothing is missed, nothing is said twice."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.flows import approve, definition, make_office, review, signature_flow
from tests.workflows.engine.test_any_flow import Maker
from workflows.definitions.api import Definition, differences, differences_of_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_office()


def told(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [str(found) for found in differences(Definition.parse(old), Definition.parse(new))]


def changed(**keys: Any) -> dict[str, Any]:
    return signature_flow() | keys


def test_equal_definitions_do_not_differ(office):
    assert told(signature_flow(), deepcopy(signature_flow())) == []


def test_an_added_step_is_named_with_the_one_before_it(office):
    new = signature_flow()
    new["flow"]["steps"].insert(1, approve("check", {"head_of": "TC"}) | {"title": "Thẩm định"})
    assert told(signature_flow(), new) == ["Thêm bước “Thẩm định” sau “Lấy ý kiến”."]
    with override("en"):
        assert told(signature_flow(), new) == ["Added step “Thẩm định” after “Lấy ý kiến”."]


def test_a_step_inside_a_branch_is_named_with_its_place(office):
    new = signature_flow()
    new["flow"]["steps"][1]["branches"][1]["steps"] = [review("late", "KT")]
    [text] = told(signature_flow(), new)
    assert text == "Thêm bước “Ý kiến KT” ở đầu nhánh 2 của “Trên 50 triệu?”."


def test_a_removed_step_and_a_removed_question_are_named(office):
    new = signature_flow()
    del new["flow"]["steps"][3]
    del new["form"]["sections"][0]["fields"][2]
    assert told(signature_flow(), new) == ["Bỏ câu hỏi “Lý do”.", "Bỏ bước “Báo văn thư”."]


def test_a_moved_step_is_said_to_have_moved_and_nothing_else(office):
    new = signature_flow()
    steps = new["flow"]["steps"]
    steps.insert(0, steps.pop(2))
    assert told(signature_flow(), new) == ["Chuyển bước “Duyệt sign”: nay ở đầu quy trình."]


def test_deadlines_and_people_are_said_by_name(office):
    old, new = signature_flow(), signature_flow()
    old["flow"]["steps"][2]["days"] = 2
    new["flow"]["steps"][2] |= {"days": 3, "who": {"head_of": "TC"}}
    words = told(old, new)
    assert "Bước “Duyệt sign”, thời hạn: 2 ngày làm việc → 3 ngày làm việc" in words
    [who] = [text for text in words if "người xử lý" in text]
    assert "Phòng TC" in who
    assert "chair, Phòng LD" in who
    assert len(words) == 2


def test_a_condition_is_said_in_words(office):
    new = signature_flow()
    new["flow"]["steps"][1]["branches"][0]["when"] = "amount >= 30000000 && reason != 'x'"
    [text] = told(signature_flow(), new)
    assert "Số tiền > 50.000.000 → Số tiền ≥ 30.000.000 và Lý do ≠ “x”" in text


def test_numbers_access_and_titles(office):
    new = changed(
        register={"code": "TTr", "pattern": "{number:03d}/TTr"},
        start={"departments": ["TC", "KT"]},
        days=9,
        title="Trình ký",
    )
    words = told(signature_flow(), new)
    assert len(words) == 4
    [access] = [text for text in words if "mọi người →" in text]
    assert {"Phòng TC", "Phòng KT"} == set(access.split("→ ")[1].split(", "))
    assert any("{number:03d}/TTr" in text for text in words)
    assert "Thời hạn: không có → 9 ngày làm việc" in words


def test_a_quorum_is_said_in_words(office):
    new = signature_flow()
    new["flow"]["steps"][0]["rule"] = "all"
    [text] = told(signature_flow(), new)
    assert "ít nhất 2" in text, text
    assert text.endswith("tất cả phải đồng ý")


def test_texts_that_only_differ_in_the_other_language_are_said_in_full(office):
    old = signature_flow()
    new = deepcopy(old)
    new["title"]["en"] = "For signature"
    [text] = told(old, new)
    assert "For signature" in text
    assert "Document for signature" in text


def test_moved_branches_and_sections(office):
    new = signature_flow()
    branches = new["flow"]["steps"][0]["branches"]
    branches.insert(0, branches.pop())
    assert len(told(signature_flow(), new)) == 1
    old = signature_flow()
    more = {"title": "Thêm", "fields": [{"key": "more", "kind": "text", "label": "Thêm"}]}
    old["form"]["sections"].append(more)
    new = deepcopy(old)
    new["form"]["sections"].reverse()
    assert told(old, new) == ["Chuyển phần “Thêm” của biểu mẫu."]


# --- nothing is missed, nothing is said twice ---------------------------------------------------------------


def holders(data: dict[str, Any]) -> list[list[Any]]:
    """Return every list of steps in a definition."""
    found = [data["flow"]["steps"]]
    for steps in found:
        found += [branch["steps"] for step in steps for branch in step.get("branches", ())]
    return found


def every_step(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for steps in holders(data) for step in steps]


def rename(data: Any, chance: Any) -> str:
    step = chance.choice(every_step(data))
    step["title"] = f"{step['title']} mới"
    return "changed"


def retime(data: Any, chance: Any) -> str:
    chance.choice([step for step in every_step(data) if "who" in step])["days"] = 7.5
    return "changed"


def reassign(data: Any, chance: Any) -> str:
    chance.choice([step for step in every_step(data) if "who" in step])["who"] = {"user": "somebody"}
    return "changed"


def insert(data: Any, chance: Any) -> str:
    steps = chance.choice(holders(data))
    steps.insert(chance.randint(0, len(steps)), review("brand_new", "TC"))
    return "added"


def remove(data: Any, chance: Any) -> str:
    steps, step = chance.choice(
        [(steps, step) for steps in holders(data) for step in steps if not step.get("branches")]
    )
    steps.remove(step)
    return "removed"


def move(data: Any, chance: Any) -> str:
    leaves = [(steps, step) for steps in holders(data) for step in steps if not step.get("branches")]
    steps, step = chance.choice(leaves)
    others = [other for other in holders(data) if other is not steps]
    if others:
        steps.remove(step)
        chance.choice(others).insert(0, step)
        return "moved"
    steps.append({"id": "brand_new", "kind": "review", "title": "x"})
    return "added"


def weigh(data: Any, chance: Any) -> str:
    blocks = [step for step in every_step(data) if step.get("branches")]
    if not blocks:
        data["days"] = 77
        return "changed"
    chance.choice(chance.choice(blocks)["branches"])["title"] = "Nhánh được đặt tên"
    return "changed"


def ask(data: Any, chance: Any) -> str:
    field = {"key": "brand_new_question", "kind": "text", "label": "Câu hỏi"}
    data["form"]["sections"][0]["fields"].insert(chance.randint(0, 3), field)
    return "added"


def relabel(data: Any, chance: Any) -> str:
    chance.choice(data["form"]["sections"][0]["fields"])["label"] = "Nhãn khác"
    return "changed"


CHANGES = (rename, retime, reassign, insert, remove, move, weigh, ask, relabel)
PROPERTY = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


@PROPERTY
@given(chance=st.randoms(use_true_random=False), change=st.sampled_from(CHANGES))
def test_any_single_change_is_said_exactly_once(chance, change):
    old = Maker(chance).definition()
    new = deepcopy(old)
    what = change(new, chance)
    found = differences_of_data(old, new)
    assert [one.what for one in found] == [what], [str(one) for one in found]
    assert differences_of_data(old, deepcopy(old)) == []


@PROPERTY
@given(chance=st.randoms(use_true_random=False))
def test_any_two_definitions_differ_in_words_exactly_when_they_differ(chance):
    one, other = Maker(chance).definition(), Maker(chance).definition()
    found = [(item.place, str(item)) for item in differences_of_data(one, other)]
    assert bool(found) == (one != other)
    assert len(found) == len(set(found))


def test_two_changes_are_two_differences(office):
    old = definition(approve("a", {"head_of": "TC"}), approve("b", {"head_of": "KT"}))
    new = deepcopy(old)
    new["flow"]["steps"][0]["days"] = 1
    new["flow"]["steps"].append(review("c", "TC"))
    assert len(told(old, new)) == 2
