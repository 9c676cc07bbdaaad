"""The repeating table: rows are checked cell by cell, added and removed, added up, shown and exported."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from home.forms.api import SchemaError, build_form, check_condition, display, evaluate_condition, freeze
from home.forms.models import Schema, Submission
from home.forms.table import columns_of
from tests.factories.forms import field, schema
from tests.home.forms.browsing import page_of, sent_from

COLUMNS = [
    field("what", label="Việc", required=True),
    field("cost", "money", label="Tiền"),
    field("size", "number", label="Số", places=1),
]


def table(**more):
    """Return a form of one table."""
    return schema(field("t", "table", label="Bảng", columns=COLUMNS, totals=["cost", "size"], **more))


def posted(*rows, **more):
    """Return what a browser sends for rows of (what, cost, size)."""
    data = QueryDict(mutable=True)
    for number, cells in enumerate(rows):
        data.appendlist("t-row", str(number))
        for column, cell in zip(COLUMNS, cells, strict=False):
            data[f"t-{number}-{column['key']}"] = cell
    data.update(more)
    return data


def filled(data, **more):
    """Return the bound form, checked."""
    form = build_form(table(**more), user=None, data=data)
    form.is_valid()
    return form


@pytest.mark.once
def test_rows_are_stored_without_the_empty_ones():
    form = filled(posted(("Vé", "1.000.000", "2,5"), ("", "", ""), ("Ở", "", "")))
    assert form.is_valid(), form.errors
    assert form.answers() == {"t": [{"what": "Vé", "cost": 1_000_000, "size": 2.5}, {"what": "Ở"}]}
    assert filled(posted()).is_valid() and filled(posted()).answers() == {}


@pytest.mark.once
def test_mistakes_are_named_by_row_and_column_and_shown_in_the_cell():
    form = filled(posted(("Vé", "x", ""), ("", "5", "9,99")))
    places = [message.partition(": ")[0] for _id, _label, message in form.mistakes]
    assert places == ["Dòng 1, Tiền", "Dòng 2, Việc", "Dòng 2, Số"]
    page = page_of(form)
    assert 'id="id_t-0-cost_error"' in page and 'id="id_t-1-what_error"' in page
    assert 'value="x"' in page and 'href="#id_t"' in page


@pytest.mark.once
@pytest.mark.parametrize(
    ("more", "count", "mistake"),
    [
        ({"required": True}, 0, "ít nhất 1"),
        ({"min_rows": 2}, 1, "ít nhất 2"),
        ({"min_rows": 2}, 0, ""),
        ({"max_rows": 2}, 3, "nhiều nhất 2"),
        ({"max_rows": 2}, 2, ""),
    ],
)
def test_there_are_neither_too_few_nor_too_many_rows(more, count, mistake):
    form = filled(posted(*[("Vé",)] * count), **more)
    assert form.is_valid() is not bool(mistake) and mistake in str(form.errors)


@pytest.mark.once
def test_a_pressed_button_shows_the_form_again_with_a_row_more_or_less():
    form = filled(posted(("Vé", "x"), ("Ở", "2"), **{"t-add": "1"}))
    assert not form.is_valid() and form.mistakes == [] and not form.errors
    again = sent_from(form)
    assert again.getlist("t-row") == ["0", "1", "2"] and again["t-0-cost"] == "x" and again["t-2-what"] == ""
    less = filled(posted(("Vé", "x"), ("Ở", "2"), **{"t-drop": "0"}))
    assert not less.is_valid()
    assert sent_from(less).getlist("t-row") == ["1"] and sent_from(less)["t-1-what"] == "Ở"
    full = sent_from(filled(posted(("Vé",), ("Ở",), **{"t-add": "1"}), max_rows=2))
    assert full.getlist("t-row") == ["0", "1"]


@pytest.mark.once
def test_huge_and_forged_rows_cost_nothing_and_change_nothing():
    data = posted(("Vé", "1", ""))
    data.setlist("t-row", [str(n) for n in range(1_000_000)])
    form = filled(data, max_rows=3)
    page_of(form)
    assert form.is_valid() and form.answers()["t"] == [{"what": "Vé", "cost": 1}]
    data.setlist("t-row", ["x", "-1", "0" * 50_000, "٣", "\0", "0", "0"])
    data["t-0-forged"], data["t-9-what"] = "x", "không có dòng này"
    assert filled(data).is_valid() and filled(data).answers()["t"] == [{"what": "Vé", "cost": 1}]


def test_a_million_posted_rows_are_refused(client, make_user):
    from tests.factories.forms import make_form_page

    client.force_login(make_user("lan"))
    page = make_form_page(table().field("t").model_dump(mode="json", exclude_defaults=True))
    data = {f"t-{n}-what": "x" for n in range(12_000)}
    assert client.post(f"/form-pages/{page.pk}/", data).status_code in (400, 404)
    assert client.post(page.url, data).status_code in (400, 403, 405)
    assert not Submission.objects.exists()


@pytest.mark.once
def test_totals_are_shown_and_seen_by_conditions():
    rows = [{"what": "Vé", "cost": 1_000_000, "size": 0.1}, {"what": "Ở", "cost": 500_000, "size": 0.2}]
    grid = display(table(), {"t": rows})[0].grid
    assert grid.headings == ["Việc", "Tiền", "Số"] and grid.totals == ["", "1.500.000\u00a0₫", "0,3"]
    text = display(table(), {"t": rows})[0].text
    assert text.splitlines()[0] == "1. Việc: Vé; Tiền: 1.000.000\u00a0₫; Số: 0,1" and "Tổng cộng" in text
    page = page_of(build_form(table(), user=None, initial={"t": rows}))
    assert ">1.500.000\u00a0₫</output>" in page and 'data-zero="0\u00a0₫"' in page
    for condition in (
        "t.total.cost > 1400000",
        "t.count == 2",
        't.rows.exists(r, r.what == "Vé" && r.cost > 1)',
    ):
        assert check_condition(condition, table()) == [], condition
        assert evaluate_condition(condition, table(), {"t": rows})
    assert evaluate_condition("t.count == 0 && t.total.size == 0.0", table(), {})


@pytest.mark.django_db
def test_a_spreadsheet_has_a_column_for_each_column_and_total_also_over_versions():
    first, text = freeze(table()), freeze(schema(field("t", label="Bảng")))
    for row, raw in ((text, "chữ"), (first, [{"what": "=1", "cost": 5}, {"what": "B"}])):
        Submission.objects.create(schema=row, answers={"t": raw}, handler="store", source="s")
    submissions = Submission.objects.filter(source="s")
    columns = [part for column in columns_of(submissions) for part in column.spread()]
    assert [column.heading for column in columns] == [
        f"Bảng – {label}" for label in ("Việc", "Tiền", "Số", "Tiền, tổng cộng", "Số, tổng cộng")
    ]
    newer, older = submissions.order_by("-pk")
    assert [column.cell(newer) for column in columns] == ["=1\nB", "5\u00a0₫\n", None, 5, 0.0]
    assert [column.cell(older) for column in columns] == ["chữ", None, None, None, None]


@pytest.mark.once
@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({"columns": [field("a"), field("a")]}, ["duplicate_key"]),
        ({"columns": [field("in")]}, ["reserved_key"]),
        ({"columns": [field("a", "file")]}, ["no_column"]),
        ({"columns": [field("a", "table", columns=COLUMNS)]}, ["no_column"]),
        (
            {"columns": [field("a", "choice", choices=[{"value": "x", "label": "x"}], other=True)]},
            ["no_column"],
        ),
        ({"columns": [field("a", "nothing")]}, ["unknown_kind"]),
        ({"columns": [field("a")], "totals": ["a", "b"]}, ["no_total", "no_total"]),
        ({"columns": [field("a")], "min_rows": 9, "max_rows": 2}, ["bounds"]),
    ],
)
def test_tables_that_make_no_sense_are_refused_with_words(more, codes):
    with pytest.raises(SchemaError) as caught:
        schema(field("t", "table", **more))
    assert [problem.code for problem in caught.value.problems] == codes
    assert all(str(problem) and not problem.message.startswith("no_") for problem in caught.value.problems)


@pytest.mark.django_db
def test_rows_stay_readable_when_the_kind_of_a_column_is_gone():
    body = table().canonical()
    body["sections"][0]["fields"][0]["columns"][2]["kind"] = "gone.for.ever"
    row = Schema.objects.create(digest="x", body=body)
    shown = display(row, {"t": [{"what": "Vé", "size": 2.5}]})[0]
    assert shown.grid.rows == [["Vé", "", "2.5"]]
    assert page_of(build_form(row.parsed, user=None, initial={"t": [{"what": "Vé", "size": 2.5}]}))
