"""What is asked, required and calculated follows from the answers, whatever a browser posts."""

import pytest

from home.forms.api import FormSchema, build_form, display, lint_form, missing_answers, work_out
from tests.factories.forms import field, schema
from tests.home.forms.rule_cases import CASES, CHOICES, form_of

pytestmark = pytest.mark.once


def posted(*questions, **data):
    form = build_form(schema(*questions), user=None, data=data, files={})
    return form, dict(form.errors)


def when(key, op, value="", join="all"):
    return {"rows": [{"field": key, "op": op, "value": value}], "join": join}


DAYS = field("days", "number", places=0, required=True)
REASON = field("reason", required=True, show_if=when("days", "gt", "5"))


@pytest.mark.parametrize(("options", "op", "value", "typed", "expected"), CASES)
def test_a_picked_condition_decides_as_the_table_says(options, op, value, typed, expected):
    questions = FormSchema.parse(form_of(options, op, value))
    several = options.get("several")
    data = {"a": typed} if several else {"a": typed[0]} if typed else {}
    form = build_form(questions, user=None, data=data, files={})
    assert ("b" not in form.state.hidden) is expected


def test_a_hidden_question_is_never_required_and_never_stored():
    form, errors = posted(DAYS, REASON, days="3", reason="gõ từ trước")
    assert errors == {} and form.answers() == {"days": 3}
    assert [row.key for row in display(form.schema, form.answers())] == ["days"]
    form, errors = posted(DAYS, REASON, days="6", reason="")
    assert list(errors) == ["reason"] and "reason" in [mistake.href[4:] for mistake in form.summary]
    form, errors = posted(DAYS, field("n", "number", show_if=when("days", "gt", "5")), days="1", n="sai")
    assert errors == {}


def test_what_hangs_on_a_hidden_answer_is_hidden_too_also_across_sections():
    questions = FormSchema.parse(
        {
            "sections": [
                {"fields": [DAYS]},
                {"show_if": when("days", "gt", "5"), "fields": [field("place", required=True)]},
                {"fields": [field("hotel", show_if=when("place", "filled"))]},
            ]
        }
    )
    state = work_out(questions, {"days": 2, "place": "Huế", "hotel": "x"})
    assert state.answers == {"days": 2} and state.closed == {1} and state.hidden == {"place", "hotel"}
    assert work_out(questions, {"days": 9, "place": "Huế", "hotel": "x"}).hidden == set()
    assert [one.key for one in missing_answers(questions, {"days": 9})] == ["place"]
    assert missing_answers(questions, {"days": 2}) == []


def test_other_answers_decide_what_is_required_and_which_choices_are_offered():
    kind = field("kind", "choice", choices=CHOICES)
    paper = field("paper", require_if=when("kind", "eq", "sick"))
    assert list(posted(kind, paper, kind="sick")[1]) == ["paper"]
    assert posted(kind, paper, kind="annual")[1] == {}
    half = {"value": "half", "label": "Nửa ngày", "show_if": when("kind", "eq", "annual")}
    length = field("length", "choice", choices=[half, {"value": "full", "label": "Cả ngày"}])
    assert posted(kind, length, kind="annual", length="half")[1] == {}
    assert list(posted(kind, length, kind="sick", length="half")[1]) == ["length"]


def test_a_calculated_value_is_worked_out_here_and_never_taken_from_the_browser():
    price, total = (
        field("price", "money"),
        field("total", "calculated", calculation="price * 3", result="money"),
    )
    gift = field("gift", show_if=when("total", "ge", "300"))
    form, errors = posted(price, total, gift, price="100", total="1", gift="x")
    assert errors == {} and form.answers() == {"price": 100, "total": 300, "gift": "x"}
    assert form["total"].value() == "300\u00a0₫"
    form, _errors = posted(price, total, gift, price="", total="999", gift="x")
    assert form.answers() == {}
    wrong = field("total", "calculated", calculation="price / 0", result="money")
    assert posted(price, wrong, price="1")[0].answers() == {"price": 1}


def test_a_hidden_value_cannot_be_forged():
    form, _errors = posted(field("a"), field("h", "hidden", default="mẫu 01"), a="x", h="giả mạo")
    assert form.answers() == {"a": "x", "h": "mẫu 01"}
    assert [bound.name for section in form.sections for bound in section.fields] == ["a"]


def test_a_pattern_and_an_own_message():
    code = field("code", pattern="[A-Z]{2}-[0-9]+", message={"vi": "Mã dạng AB-12", "en": "Like AB-12"})
    _form, errors = posted(code, code="ab-1")
    assert [str(text) for text in errors["code"]] == ["Mã dạng AB-12"]
    assert posted(code, code="AB-1")[1] == {} and posted(code, code="")[1] == {}
    few = field("n", "number", places=0, max=5, message="Nhiều nhất 5", required=True)
    assert [str(text) for text in posted(few, n="6")[1]["n"]] == ["Nhiều nhất 5"]
    assert [str(text) for text in posted(few, n="")[1]["n"]] != ["Nhiều nhất 5"]
    assert posted(field("a", pattern="(a+)+b"), a="a" * 199)[1]


@pytest.mark.parametrize(
    ("options", "raw"),
    [
        ({"default": " Hà Nội "}, "Hà Nội"),
        ({"kind": "number", "places": 0, "default": "1.000"}, 1000),
        ({"kind": "date", "default": "24/11/2026"}, "2026-11-24"),
        ({"kind": "choice", "choices": CHOICES, "default": "Ốm"}, "sick"),
        ({"kind": "choice", "choices": CHOICES, "several": True, "default": "Ốm"}, ["sick"]),
        ({"kind": "yes_no", "default": "Có"}, True),
        ({"kind": "number", "default": "x"}, None),
    ],
)
def test_a_default_is_written_as_people_type_it(options, raw):
    questions = schema(field("a", **options), field("b"))
    form = build_form(questions, user=None)
    assert form.own.get("a") == raw
    assert "a" not in build_form(questions, user=None, initial={"b": "đã trả lời"}).own
    assert bool(lint_form(questions)) is (raw is None)


def codes(*questions, **section):
    return sorted({problem.code for problem in lint_form(schema(*questions, **section))})


@pytest.mark.parametrize(
    ("found", "questions"),
    [
        (["form.E200"], [field("a", show_if=when("gone", "eq", "x"))]),
        (["form.E206"], [field("a", require_if=when("a", "filled"))]),
        (["form.E209"], [field("a", show_if=when("a", "filled"))]),
        (["form.E207"], [field("a"), field("b", show_if=when("a", "gt", "5"))]),
        (["form.E208"], [field("a", "choice", choices=CHOICES), field("b", show_if=when("a", "eq", "gone"))]),
        (["form.E201"], [field("a"), field("b", show_if="a >")]),
        (["form.E201"], [field("a"), field("b", require_if="gone == 1")]),
        (["form.W202"], [field("a", "number", max=5), field("b", show_if=when("a", "gt", "9"))]),
        (["form.E203"], [field("a"), field("b", "calculated", calculation="a * 2")]),
        (["form.E209"], [field("b", "calculated", calculation="b + 1")]),
        (["form.E205"], [field("a", pattern="(")]),
        (
            ["form.E209"],
            [field("a", show_if=when("b", "filled")), field("b", show_if=when("a", "filled"))],
        ),
        ([], [DAYS, REASON, field("x", "calculated", calculation="days * 2")]),
    ],
)
def test_what_cannot_work_is_named(found, questions):
    assert codes(*questions) == found


def test_questions_in_a_circle_are_still_answered_without_an_error():
    form, errors = posted(
        field("a", show_if=when("b", "filled")), field("b", show_if=when("a", "filled")), a="1", b="2"
    )
    assert errors == {} and form.answers() == {"a": "1", "b": "2"}


def test_conditions_may_name_questions_that_are_asked_elsewhere():
    known = schema(field("days", "number", places=0))
    own = schema(field("reason", required=True, show_if="days > 5"))
    for days, wanted in ((9, {"reason"}), (1, set())):
        form = build_form(own, user=None, data={}, files={}, initial={"days": days}, known=known)
        assert set(form.errors) == wanted
        assert form.logic.data["given"] == {"days": {"shape": "number", "value": days}}
