"""The registry of field kinds is complete, and any form made from it works with any input."""

import json
from datetime import date

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from home.forms.api import (
    DAY,
    NUMBER,
    FieldKind,
    FormSchema,
    Sampling,
    build_form,
    display,
    evaluate_condition,
    field_kinds,
    freeze,
    kind_of,
    schema_of,
    stream_of,
    submit,
)
from home.forms.table import Column
from home.pages.models import FormPage
from tests.factories.forms import StoredFileFactory, field, schema
from tests.home.forms.browsing import page_of, sent_from

TWO = [{"value": "x", "label": {"vi": "Ích", "en": "X"}}, {"value": "y", "label": "Ý"}]
COLUMNS = [
    {"key": "what", "kind": "text", "label": "Việc", "required": True},
    {"key": "n", "kind": "number", "label": "Số", "places": 1},
    {"key": "cost", "kind": "money", "label": "Tiền"},
    {"key": "on", "kind": "date", "label": "Ngày"},
    {"key": "c", "kind": "choice", "label": "Chọn", "choices": TWO},
    {"key": "ok", "kind": "yes_no", "label": "Được"},
    {"key": "who", "kind": "person", "label": "Ai"},
]

#: For each kind the options that it needs.
PLAIN = """text long_text email phone citizen_number money date time date_time yes_no person department position
    dossier file image signature heading"""
EXAMPLES: dict[str, dict] = {
    **{code: {} for code in PLAIN.split()},
    "number": {"places": 1},
    "choice": {"choices": TWO},
    "date_range": {"min_days": 0},
    "matrix": {"rows": TWO, "columns": TWO},
    "table": {"columns": COLUMNS, "totals": ["n", "cost"]},
    "static_text": {"text": "Xem https://example.vn"},
    "calculated": {"calculation": "1 + 1"},
    "hidden": {"default": "x"},
}
#: What a browser sends, and what is worked out from it (`test_logic.py`) stays aside.
TYPED = {code: options for code, options in EXAMPLES.items() if field_kinds.get(code).posts}
ASKING = sorted(code for code in TYPED if field_kinds.get(code).asks)

#: More options, each of which changes what is asked.
VARIANTS = [
    *TYPED.items(),
    ("choice", {"choices": TWO, "style": "select"}),
    ("choice", {"choices": TWO, "several": True}),
    *(
        ("choice", {"choices": TWO, "other": True, **more})
        for more in ({}, {"several": True}, {"style": "select"})
    ),
    ("matrix", {"rows": TWO, "columns": TWO, "several": True}),
    ("table", {"columns": COLUMNS[:1], "min_rows": 2, "max_rows": 3}),
    ("number", {"places": 0, "min": -5, "max": 5}),
    ("text", {"min_length": 3, "max_length": 9}),
    ("static_text", {"text": {"vi": "Một", "en": "One"}, "titled": False}),
]


def test_every_registered_kind_has_an_example_here():
    assert set(EXAMPLES) == set(field_kinds.codes())


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_every_kind_is_complete(code):
    kind = field_kinds.get(code)
    assert issubclass(kind, FieldKind)
    assert str(kind.label) and str(kind.describe) and str(kind.group) and kind.icon and kind.admin_icon
    question = next(schema(field(kind=code, **EXAMPLES[code])).fields())
    blocks = {name for name in kind().option_blocks() if not name.endswith("_en")}
    assert kind.__doc__ and blocks <= set(kind.Options.model_fields)
    assert kind().display(None, question) == kind().brief(None, question) == ""
    empty, sample = kind().cel_value(None, question), kind().cel_sample(question)
    assert empty is None or type(empty) is type(sample), (
        "a condition sees the same type with and without an answer"
    )
    if kind().shape_of(EXAMPLES[code]) in (NUMBER, DAY):
        assert empty is None
    if kind.column:
        assert {type(part) for part in kind().cell_blocks().values()} <= {
            type(part) for part in kind().option_blocks().values()
        }


@pytest.fixture
def office(make_user):
    from home.people.models import Department, Position

    lan = make_user("lan")
    department = Department.objects.create(code="VP", name="Văn phòng")
    return lan, department, Position.objects.create(code="CV", name="Chuyên viên")


def entered(code, question, office):
    """Return a raw answer to a question, of records and files that there are."""
    lan, department, position = office
    match code:
        case "person":
            return {"id": lan.pk, "code": "lan", "name": "Nguyễn Thị Lan"}
        case "department":
            return {"id": department.pk, "code": "VP", "name": "Văn phòng"}
        case "position":
            return {"id": position.pk, "code": "CV", "name": "Chuyên viên"}
        case "file" | "image" | "signature":
            stored = StoredFileFactory(uploaded_by=lan)
            return [
                {"id": str(stored.pk), "name": stored.name, "size": stored.size, "type": stored.content_type}
            ]
        case "dossier":
            return {"id": 7, "number": "07/2026"}
        case "table":
            row = {c.key: entered(c.kind, c, office) for c in question.columns}
            return [row, {key: raw for key, raw in row.items() if key in ("what", "cost")}]
    return kind_of(question).sample(question, Sampling(day=date(2026, 11, 24)))


def sent_again(questions, answers, user):
    """Return the form that was filled with answers, shown to somebody and sent back untouched."""
    shown = build_form(questions, user=user, initial=answers)
    return build_form(questions, user=user, data=sent_from(shown), initial=answers)


@pytest.mark.django_db
def test_a_form_of_all_kinds_renders_validates_stores_displays_and_exports(office):
    lan = office[0]
    questions = schema(*[field(code, code, required=code in ASKING, **more) for code, more in TYPED.items()])
    given = {code: entered(code, questions.field(code), office) for code in ASKING}
    form = build_form(
        questions, user=lan, data=sent_from(build_form(questions, user=lan, initial=given)), initial=given
    )
    assert form.is_valid(), form.errors
    row = freeze(questions)
    submission = submit(row, by=lan, answers=form.answers(), handler="store", source="s", key="k")
    submission.refresh_from_db()
    assert set(given) == set(submission.answers) and submission.answers == form.answers()
    days = submission.answers["date_range"].pop("days")
    assert submission.answers == {**given, "date_range": {"from": "2026-11-24", "to": "2026-11-24"}}
    submission.answers["date_range"]["days"] = days
    for language in ("vi", "en"):
        with translation.override(language):
            rows = display(submission.schema, submission.answers, reader=lan)
            assert {answer.key for answer in rows if answer.text} == set(ASKING)
            assert rows[0].key == "text" and all(answer.link is None for answer in rows)
    for code in ASKING:
        column = Column(code, code, fields={row.pk: questions.field(code)})
        cells = [part.cell(submission) for part in column.spread()]
        assert any(cell not in (None, "") for cell in cells), code
    names = " && ".join(f"{code} != null" for code in TYPED)
    assert evaluate_condition(names, row, submission.answers) is True
    assert evaluate_condition(
        "table.total.cost == 2000000 && table.rows.exists(r, r.n > 0.5)", row, submission.answers
    )


@pytest.mark.django_db
def test_a_form_given_as_data_comes_back_from_the_editor_with_its_keys():
    fields = [
        field(f"q{number}", code, help="Hướng dẫn", required=code in ASKING, **options)
        for number, (code, options) in enumerate(VARIANTS)
    ]
    before = FormSchema.parse({"sections": [{"title": "Phần", "fields": fields}]})
    after = schema_of(FormPage(sections=stream_of(before.canonical())).sections)
    assert after.canonical()["sections"] == before.canonical()["sections"]


TEXT = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="\0\x07\u202e\u200b\ud800 -+=@.,0123456789eEđ₫%/", max_size=60),
    st.sampled_from(
        [
            "x" * 50_000,
            "9" * 5_000,
            "\0" * 100,
            "1e308",
            "NaN",
            "-0",
            "0x10",
            "31/02/2026",
            "٣٤",
            "9999-12-31",
        ]
    ),
)
CODES = st.lists(st.sampled_from(VARIANTS), min_size=1, max_size=4)
CHEAP = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def asked(picked, **more):
    """Return a form of some variants."""
    return schema(*[field(f"q{n}", code, **more, **options) for n, (code, options) in enumerate(picked)])


@pytest.mark.django_db
@settings(max_examples=25, **CHEAP)
@given(picked=CODES)
def test_what_was_entered_comes_back_from_the_page_as_it_was(office, picked):
    questions = asked(picked)
    given_ = {q.key: entered(q.kind, q, office) for q in questions.fields()}
    first = {key: raw for key, raw in given_.items() if raw is not None}
    form = build_form(
        questions,
        user=office[0],
        data=sent_from(build_form(questions, user=None, initial=first)),
        initial=first,
    )
    assert form.is_valid(), form.errors
    answers = form.answers()
    assert set(answers) == set(first)
    assert json.loads(json.dumps(answers, allow_nan=False)) == answers
    second = build_form(
        questions,
        user=office[0],
        data=sent_from(build_form(questions, user=None, initial=answers)),
        initial=answers,
    )
    assert second.is_valid() and second.answers() == answers
    assert {row.key for row in display(questions, answers) if row.text} == set(answers)


@pytest.mark.django_db
@settings(max_examples=60, **CHEAP)
@given(picked=CODES, required=st.booleans(), data=st.data())
def test_any_input_is_an_answer_or_a_field_error(office, picked, required, data):
    questions = schema(
        *[
            field(f"q{n}", code, required=required and code in ASKING, **options)
            for n, (code, options) in enumerate(picked)
        ]
    )
    sent = sent_from(build_form(questions, user=office[0]))
    for name in [*sent, "q0-add", "q1-drop", "q0-99-what", "nobody"]:
        if data.draw(st.booleans()):
            sent.setlist(name, data.draw(st.lists(TEXT, max_size=2)))
    form = build_form(questions, user=office[0], data=sent, files={})
    page_of(form)
    assert form.mistakes is not None
    if form.is_valid():
        answers = form.answers()
        stored = json.dumps(answers, allow_nan=False)
        assert "\\u0000" not in stored
        stored.encode()
        second = sent_again(questions, answers, office[0])
        assert second.is_valid(), (second.errors, answers)
        assert second.answers() == answers
        assert {row.key for row in display(questions, answers) if row.text} == set(answers)
    else:
        assert form.pressed or set(form.errors) <= set(questions.keys())


RAW = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["from", "x", "id", "what"]), inner)
    ),
    max_leaves=4,
)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ASKING)
@settings(max_examples=10, **CHEAP)
@given(raw=RAW)
def test_an_answer_of_an_earlier_kind_of_question_can_still_be_shown_again_in_the_form(office, code, raw):
    questions = asked([(code, EXAMPLES[code])])
    page_of(build_form(questions, user=office[0], initial={"q0": raw}))


@settings(max_examples=80, deadline=None)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(["sections", "fields", "title", "kind", "key", "label", "min", "columns"]),
                inner,
            ),
        ),
        max_leaves=12,
    )
)
def test_any_data_is_a_form_or_a_list_of_problems(data):
    from home.forms.api import check_schema

    problems = check_schema(data)
    assert all(str(problem) for problem in problems)
    if not problems:
        FormSchema.parse(data)
