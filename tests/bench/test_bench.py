"""The harness of the measurements: rows, the table, and what a run costs."""

from __future__ import annotations

import json

import pytest

from bench import __main__ as command
from bench import context, registry
from bench.hello import QueryCountMiddleware
from bench.rows.start import copy_checkout

pytestmark = pytest.mark.once


def result(**changes) -> registry.Result:
    given = {"name": "page.news", "database": "sqlite", "scale": "small", "median_ms": 1.5, "ok": True}
    return registry.Result(**{**given, **changes})


def test_known_rows_are_registered():
    assert {"page.hello", "start"} <= set(registry.load())


def test_two_rows_of_one_name_are_refused():
    rows = registry.Rows()
    rows.register("page.x")(lambda run: [])
    with pytest.raises(ValueError, match=r"page\.x"):
        rows.register("page.x")(lambda run: [])


def test_rows_are_chosen_by_the_beginning_of_their_names():
    rows = registry.Rows()
    for name in ("page.news", "page.home", "start"):
        rows.register(name)(lambda run: [])
    assert [row.name for row in registry.chosen(rows, ["page"])] == ["page.news", "page.home"]
    assert len(registry.chosen(rows, [])) == 3


def test_results_are_written_with_every_column(tmp_path):
    command.write([result(ratio=1.9, queries=12, baseline="page.hello")], tmp_path / "var" / "bench.json")
    (found,) = json.loads((tmp_path / "var" / "bench.json").read_text())
    assert tuple(found) == command.COLUMNS
    assert (found["ratio"], found["queries"]) == (1.9, 12)


def test_table_shows_what_missed_its_goal():
    lines = command.table([result(ok=False, goal="≤ 2.0"), result(name="start.first", ok=True)]).splitlines()
    assert lines[1].endswith("NO")
    assert lines[2].endswith("ok")


def test_costs_are_medians_of_interleaved_rounds():
    clock, order = iter(range(0, 1000, 10)), []

    class Fake:
        def cpu_ms(self) -> float:
            return next(clock)

    acts = {"product": lambda: order.append("p"), "baseline": lambda: order.append("b")}
    cost = context.interleaved(Fake(), acts, rounds=3, times=2, seconds=0)
    assert cost["product"].cpu_ms == 5.0
    assert "".join(order) == "pb" + "ppbb" * 3  # once each to warm up


@pytest.mark.django_db
def test_queries_are_counted_only_when_asked_for(rf):
    from django.contrib.auth import get_user_model
    from django.http import HttpResponse

    def view(request):
        list(get_user_model().objects.all()[:1])
        return HttpResponse("ok")

    counted = QueryCountMiddleware(view)
    assert counted(rf.get("/", headers={"X-Count-Queries": "1"}))["X-Queries"] == "1"
    assert "X-Queries" not in counted(rf.get("/"))


def test_copied_checkout_holds_the_code_and_none_of_its_products(tmp_path):
    copy_checkout(tmp_path)
    assert (tmp_path / "Makefile").exists()
    assert not (tmp_path / ".venv").exists()
    assert not (tmp_path / "var").exists()
