"""Kinds that know the office: citizen numbers, times, periods of working days, positions, another answer."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict

from home.forms.api import SchemaError, build_form, check_condition, evaluate_condition, kind_of
from tests.factories.forms import field, schema
from tests.home.forms.browsing import page_of


def answer(question, data, user=None, **more):
    """Return (answer, first mistake) of a form of one question."""
    form = build_form(schema(question), user=user, data=data, **more)
    return form.answers().get("a") if form.is_valid() else None, next(iter(form.errors.get("a", [])), "")


@pytest.mark.once
@pytest.mark.parametrize(
    ("typed", "stored", "mistake"),
    [
        ("079090000001", "079090000001", ""),
        ("079 190.000-001", "079190000001", ""),
        ("001 2 05 000123", "001205000123", ""),
        ("101 090 000 001", "101090000001", ""),
        ("07909000000", None, "12 chữ số"),
        ("07909000000x", None, "12 chữ số"),
        ("٠٧٩٠٩٠٠٠٠٠٠١", None, "12 chữ số"),
        ("003090000001", None, "003"),
        ("079299000001", None, "2099"),
        ("079490000001", None, "2190"),
    ],
)
def test_a_citizen_number_says_province_sex_and_year(typed, stored, mistake):
    found, problem = answer(field(kind="citizen_number"), {"a": typed})
    assert found == stored and mistake in problem


@pytest.mark.once
def test_lists_hide_a_citizen_number_unless_the_form_shows_it():
    for masked, shown in ((True, "•••001"), (False, "079090000001")):
        question = next(schema(field(kind="citizen_number", masked=masked)).fields())
        kind = kind_of(question)
        assert kind.brief("079090000001", question) == shown
        assert (
            kind.display("079090000001", question) == kind.export("079090000001", question) == "079090000001"
        )


@pytest.mark.once
@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("time", "8:30", "08:30"),
        ("time", "8h30", "08:30"),
        ("time", "08:30:59", "08:30"),
        ("time", "24:00", None),
        ("date_time", "2026-11-24T08:30", "2026-11-24T08:30"),
        ("date_time", "24/11/2026 8:30", "2026-11-24T08:30"),
        ("date_time", "24/11/2026", None),
        ("date_time", "24/11/1799 08:30", None),
    ],
)
def test_times_are_read_as_people_write_them(kind, typed, stored):
    found, mistake = answer(field(kind=kind), {"a": typed})
    assert found == stored and bool(mistake) is (stored is None)


@pytest.mark.once
def test_bounds_of_times_are_named_and_conditions_compare_them():
    low = field(kind="time", min="07:30", max="17:00")
    assert "07:30" in answer(low, {"a": "07:29"})[1] and "17:00" in answer(low, {"a": "17:01"})[1]
    asked = schema(field("t", "time"), field("d", "date_time", required=True))
    given = {"t": "08:30", "d": "2026-11-24T08:30"}
    text = 't < "09:00" && d >= timestamp("2026-11-24T08:30:00Z") && d.getHours() == 8'
    assert check_condition(text, asked) == [] and evaluate_condition(text, asked, given)


@pytest.fixture
def holidays(db):
    from home.worktime.models import Holiday, MakeUpDay, WorkingHours

    if not WorkingHours.objects.exists():
        for weekday in range(5):
            WorkingHours.objects.create(weekday=weekday)
    Holiday.objects.update_or_create(on=date(2026, 8, 31), defaults={"name": "Hoán đổi"})
    MakeUpDay.objects.update_or_create(on=date(2026, 8, 22), defaults={"name": "Làm bù"})


@pytest.mark.parametrize(
    ("first", "last", "days", "mistake"),
    [
        ("2026-08-17", "2026-08-21", 5, ""),
        ("2026-08-20", "24/08/2026", 4, ""),  # Saturday the 22nd is worked
        ("2026-08-28", "2026-08-31", 1, ""),  # Monday the 31st is off
        ("2026-08-29", "2026-08-30", None, "không có ngày làm việc"),
        ("2026-08-21", "2026-08-17", None, "sớm hơn"),
        ("2026-08-17", "", None, "đủ ngày đầu và ngày cuối"),
        ("2026-08-17", "2026-12-31", None, "nhiều nhất 20"),
        ("1900-01-01", "2900-01-01", None, "năm năm"),
        ("9999-12-31", "9999-12-31", None, "2999"),
        ("\0", "x" * 50_000, None, "24/11/2026"),
    ],
)
def test_working_days_of_a_period_are_counted(holidays, make_user, first, last, days, mistake):
    question = field(kind="date_range", max_days=20)
    data = {"a-from": first, "a-to": last}
    found, problem = answer(question, data, user=make_user("lan"))
    assert (found and found["days"]) == days and mistake in problem
    form = build_form(schema(question), user=None, data=data)
    assert f"{days} ngày làm việc" in page_of(form) if days else page_of(form)
    if found:
        asked = schema(question)
        assert evaluate_condition(f"a == {days}", asked, {"a": found})
        cells = [kind_of(asked.field("a")).export_part(found, asked.field("a"), p) for p in ("from", "days")]
        assert cells == [date.fromisoformat(first), days]


CHOICES = [{"value": "x", "label": "Ích"}, {"value": "y", "label": "Ý"}]


@pytest.mark.once
@pytest.mark.parametrize(
    ("more", "sent", "stored", "seen", "shown"),
    [
        ({}, "a=x&a-other=", "x", "x", "Ích"),
        ({}, "a=_other&a-other=Khác hẳn", {"other": "Khác hẳn"}, "_other", "Khác hẳn"),
        ({}, "a-other=Chỉ viết", {"other": "Chỉ viết"}, "_other", "Chỉ viết"),
        ({}, "a=x&a-other=đổi ý", "x", "x", "Ích"),
        ({"style": "select"}, "a=_other&a-other=Z", {"other": "Z"}, "_other", "Z"),
        ({"several": True}, "a=x&a=_other&a-other=Z", ["x", {"other": "Z"}], ["x", "_other"], "Ích, Z"),
        ({}, "a=_other&a-other= ", None, None, "ghi rõ"),
        ({}, "a=_other&a-other=" + "x" * 201, None, None, "200"),
        ({}, "a=z", None, None, "cho sẵn"),
        ({"several": True}, "a=x&a=z", None, None, "cho sẵn"),
    ],
)
def test_another_answer_may_be_given_in_own_words(more, sent, stored, seen, shown):
    question = field(kind="choice", choices=CHOICES, other=True, **more)
    found, mistake = answer(question, QueryDict(sent))
    assert found == stored
    if stored is None:
        assert shown in mistake
    else:
        asked = next(schema(question).fields())
        assert (
            kind_of(asked).display(found, asked) == shown and kind_of(asked).cel_value(found, asked) == seen
        )


@pytest.mark.once
@pytest.mark.parametrize(
    ("question", "place", "code"),
    [
        (
            field(kind="choice", choices=[{"value": "_other", "label": "x"}], other=True),
            "choices",
            "duplicate_value",
        ),
        (field(kind="matrix", rows=CHOICES, columns=[CHOICES[0]] * 2), "columns[1].value", "duplicate_value"),
        (field(kind="date_range", min_days=5, max_days=2), "min_days", "bounds"),
        (field(kind="image", extensions=["pdf"]), "extensions[0]", "extension"),
        (field(kind="heading", required=True), "required", "literal_error"),
    ],
)
def test_options_that_make_no_sense_are_named(question, place, code):
    with pytest.raises(SchemaError) as caught:
        schema(question)
    assert [(p.place.partition("fields[0].")[2], p.code) for p in caught.value.problems] == [(place, code)]


@pytest.mark.once
def test_a_matrix_wants_every_row_and_only_its_own_answers():
    question = field(kind="matrix", rows=CHOICES, columns=CHOICES, required=True)
    assert answer(question, QueryDict("a-0=x&a-1=y"))[0] == {"x": "x", "y": "y"}
    assert "“Ý”" in answer(question, QueryDict("a-0=x"))[1]
    assert answer(question, QueryDict("a-0=x&a-1=z"))[0] is None
    assert answer(question, QueryDict("a-0=x&a-0=y&a-1=y"))[0] is None
    several = field(kind="matrix", rows=CHOICES, columns=CHOICES, several=True)
    assert answer(several, QueryDict("a-0=x&a-0=y"))[0] == {"x": ["x", "y"]}
    asked = schema(field("m", "matrix", rows=CHOICES, columns=CHOICES))
    assert check_condition('m.x == "y" || m.y == ""', asked) == []
    kind, one = kind_of(asked.field("m")), asked.field("m")
    assert kind.display({"x": "y"}, one) == "Ích: Ý"
    assert kind.parts(one) == {"x": "Ích", "y": "Ý"} and kind.export_part({"x": "y"}, one, "x") == "Ý"


@pytest.mark.once
def test_words_between_questions_take_nothing_in_and_show_their_links():
    asked = schema(
        field("h", "heading", help="Đọc kỹ"),
        field(
            "s", "static_text", label="Tên", titled=False, text="<b>Xem</b> https://example.vn/a\n\nĐoạn hai"
        ),
        field("b"),
    )
    form = build_form(asked, user=None, data={"h": "x", "s": "y", "b": "z"})
    page = page_of(form)
    assert form.is_valid() and form.answers() == {"b": "z"}
    assert '<a href="https://example.vn/a"' in page and "&lt;b&gt;" in page and "Tên" not in page
    assert "Đọc kỹ" in page and 'name="h"' not in page and 'name="s"' not in page


def test_somebody_who_left_stays_the_answer_until_another_one_is_picked(make_user):
    gone = {"id": 4711, "code": "cu", "name": "Người Cũ"}
    lan = make_user("lan")
    question = field(kind="person", required=True)
    assert answer(question, {"a": "4711"}, initial={"a": gone})[0] == gone
    assert answer(question, {"a": "4711"})[0] is None
    assert answer(question, {"a": str(lan.pk)}, initial={"a": gone})[0]["code"] == "lan"
    assert "Người Cũ" in page_of(build_form(schema(question), user=None, initial={"a": gone}))
