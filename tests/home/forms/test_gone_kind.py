"""A plugin is removed: answers to its kinds of questions stay readable and exportable."""

import pytest

from home.forms.api import FieldKind, FormSchema, SchemaError, build_form, display, field_kinds, kind_of
from home.forms.models import Schema
from tests.factories.forms import field, schema


@pytest.fixture
def row(db):
    class Stars(FieldKind):
        """Stars."""

        code = "stars"

    field_kinds.register(Stars)
    questions = schema(field("s", "stars", label="Sao"), field("b"))
    field_kinds.unregister("stars")
    return Schema.objects.create(digest=questions.digest(), body=questions.canonical())


def test_stored_answers_of_a_kind_that_is_gone_stay_readable(row):
    rows = display(row, {"s": 4, "b": "x"})
    assert [(answer.label, answer.text) for answer in rows] == [("Sao", "4"), ("Câu hỏi b", "x")]
    gone = row.parsed.field("s")
    assert kind_of(gone).export(4, gone) == "4"
    assert build_form(row.parsed, user=None, data={"s": "5", "b": "y"}, files={}).is_valid()


def test_a_new_form_cannot_use_a_kind_that_is_gone(row):
    with pytest.raises(SchemaError, match="stars"):
        FormSchema.parse(row.body)
