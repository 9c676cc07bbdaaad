"""The registry of field kinds is complete, and any form made from it works with any input."""

import json

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from home.forms.api import (
    FieldKind,
    FormSchema,
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
from home.pages.models import FormPage
from tests.factories.forms import field, pdf, schema

#: For each kind: options that it needs, and an answer that it takes.
EXAMPLES = {
    "text": ({}, "một dòng"),
    "long_text": ({}, "hai\ndòng"),
    "email": ({}, "lan@example.vn"),
    "phone": ({}, "0912345678"),
    "number": ({"places": 1}, "2,5"),
    "money": ({}, "1.000.000"),
    "date": ({}, "24/11/2026"),
    "choice": ({"choices": [{"value": "x", "label": {"vi": "Ích", "en": "X"}}]}, "x"),
    "yes_no": ({}, "yes"),
    "person": ({}, None),
    "department": ({}, None),
    "file": ({}, None),
    "calculated": ({"calculation": "1 + 1"}, None),
    "hidden": ({"default": "x"}, None),
}


def test_every_registered_kind_has_an_example_here():
    assert set(EXAMPLES) == set(field_kinds.codes())


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_every_kind_is_complete(code):
    kind = field_kinds.get(code)
    assert issubclass(kind, FieldKind)
    assert str(kind.label) and str(kind.describe) and str(kind.group) and kind.icon and kind.admin_icon
    assert kind.__doc__ and set(kind().option_blocks()) <= set(kind.Options.model_fields)
    question = next(schema(field(kind=code, **EXAMPLES[code][0])).fields())
    assert type(kind().cel_sample(question)) is type(kind().cel_sample(question))
    assert kind().display(None, question) == ""


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_a_condition_sees_the_same_type_with_and_without_an_answer(code):
    kind, question = field_kinds.get(code)(), next(schema(field(kind=code, **EXAMPLES[code][0])).fields())
    empty = kind.cel_value(None, question)
    assert empty is None or type(empty) is type(kind.cel_sample(question))


@pytest.fixture
def office(make_user):
    from home.people.models import Department

    return make_user("lan"), Department.objects.create(code="VP", name="Văn phòng")


@pytest.mark.django_db
def test_a_form_of_all_kinds_renders_validates_stores_displays_and_exports(office):
    lan, department = office
    questions = schema(
        *[field(code, code, required=True, **options) for code, (options, _) in EXAMPLES.items()]
    )
    data = {code: typed for code, (_, typed) in EXAMPLES.items() if typed is not None}
    data |= {"person": str(lan.pk), "department": str(department.pk)}
    form = build_form(questions, user=lan, data=data, files={"file": pdf()})
    assert form.is_valid(), form.errors
    row = freeze(questions)
    submission = submit(row, by=lan, answers=form.answers(), handler="store", source="s", key="k")
    submission.refresh_from_db()
    assert submission.answers == json.loads(json.dumps(form.answers()))
    for language in ("vi", "en"):
        with translation.override(language):
            assert all(answer.text for answer in display(submission.schema, submission.answers))
            assert str(build_form(questions, user=lan, initial=submission.answers))
    for question in questions.fields():
        assert kind_of(question).export(submission.answers[question.key], question) not in (None, "")
    names = " && ".join(f"{code} != null" for code in EXAMPLES)
    assert evaluate_condition(names, row, submission.answers) is True


@pytest.mark.django_db
def test_a_form_given_as_data_comes_back_from_the_editor_with_its_keys():
    fields = [
        field(code, code, required=True, help="Hướng dẫn", **options)
        for code, (options, _) in EXAMPLES.items()
    ]
    before = FormSchema.parse({"sections": [{"title": "Phần", "fields": fields}]})
    after = schema_of(FormPage(sections=stream_of(before.canonical())).sections)
    assert after.keys() == before.keys()
    picked = after.field("choice")
    assert [choice.value for choice in picked.choices] == ["x"]
    assert [field.kind for field in after.fields()] == [field.kind for field in before.fields()]


TEXT = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="\0\x07\u202e\u200b\ud800 -+=@.,0123456789eEđ₫%/", max_size=60),
    st.sampled_from(
        ["x" * 50_000, "9" * 5_000, "\0" * 100, "1e308", "NaN", "-0", "0x10", "31/02/2026", "٣٤"]
    ),
)
VALUES = st.one_of(TEXT, st.lists(TEXT, max_size=3))
SIMPLE = sorted(set(EXAMPLES) - {"person", "department", "file"})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    codes=st.lists(st.sampled_from(SIMPLE), min_size=1, max_size=5),
    required=st.booleans(),
    values=st.lists(VALUES, min_size=5, max_size=5),
)
def test_any_input_is_an_answer_or_a_field_error(codes, required, values):
    keys = [f"q{number}" for number in range(len(codes))]
    parts = zip(keys, codes, strict=True)
    questions = schema(*[field(key, code, required=required, **EXAMPLES[code][0]) for key, code in parts])
    form = build_form(questions, user=None, data=dict(zip(keys, values, strict=False)), files={})
    str(form)
    assert form.mistakes is not None
    if form.is_valid():
        answers = form.answers()
        stored = json.dumps(answers, allow_nan=False)
        assert "\\u0000" not in stored
        stored.encode()
        assert {row.key for row in display(questions, answers)} == set(keys)
        again = build_form(questions, user=None, initial=answers)
        second = build_form(questions, user=None, data={key: again[key].value() for key in keys}, files={})
        assert second.is_valid(), (second.errors, answers)
        assert second.answers() == answers
    else:
        assert set(form.errors) <= set(keys)


@settings(max_examples=80, deadline=None)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(["sections", "fields", "title", "kind", "key", "label", "min"]), inner
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
