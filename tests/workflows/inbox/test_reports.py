"""Reports: who gets them, what they count, and that each number is the list behind it."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests.factories.flows import act, approve, definition, open_for, signature_flow
from workflows.dossiers.api import Dossier
from workflows.engine.api import hold
from workflows.inbox.report_scope import asked, scope_of
from workflows.inbox.reports import report_of

PLAIN = definition(
    approve("first", {"head_of": "submitter"}, days=1),
    approve("second", {"position": "chair", "department": "LD"}),
    code="plain",
    days=5,
)


@pytest.fixture
def busy(office):
    """Dossiers of three departments and two types: in time, late, refused, paused, old and new."""
    plain, signed = office.publish(PLAIN), office.publish(signature_flow(code="signed"))
    now = timezone.now()
    found = {name: open_for(office, plain, by=office.people[name]) for name in ("ann", "tc1", "tc2", "kt1")}
    found["long"] = open_for(office, signed, by=office.tc1)
    act(found["long"], "op_kt", office.kt1, "agree")
    for name, head in (("ann", "head_dt"), ("tc1", "head_tc"), ("tc2", "head_tc")):
        act(found[name], "first", office.people[head])
    act(found["ann"], "second", office.chair)
    act(found["tc1"], "second", office.chair, "reject", "Không")
    Dossier.objects.filter(pk=found["tc1"].pk).update(due_at=now - timedelta(days=1))
    Dossier.objects.filter(pk=found["tc2"].pk).update(due_at=now - timedelta(days=2))
    hold(found["kt1"].pk, by=office.head_kt, reason="Chờ")
    old = open_for(office, plain, by=office.tc1)
    Dossier.objects.filter(pk=old.pk).update(opened_at=now - timedelta(days=200))
    return found


def numbers_of(html):
    """Return every number of a page that leads to a list."""
    found = re.findall(r'<a href="(/reports/list/\?[^"]+)"[^>]*>\s*(\d+)', html)
    return [(url.replace("&amp;", "&"), int(number)) for url, number in found]


@pytest.mark.parametrize("who", ["head_tc", "chair", "admin"])
def test_every_number_is_exactly_the_list_behind_it(office, busy, as_user, who):
    person = office.people[who] if who != "admin" else _admin(office)
    client = as_user(person)
    shown = numbers_of(client.get("/reports/").content.decode())
    assert len(shown) > 15
    for url, number in shown:
        listed = client.get(url).content.decode()
        assert int(re.search(r'id="report-count">(\d+)<', listed).group(1)) == number, url
        assert listed.count('class="flow-row') == number, url


def _admin(office):
    office.outsider.is_superuser = True
    office.outsider.save()
    return office.outsider


def test_charts_lead_to_the_same_lists_and_bring_no_script_or_style(office, busy, as_user):
    html = as_user(office.chair).get("/reports/").content.decode()
    charts = re.findall(r"<svg[^>]*chart-svg.*?</svg>", html, re.DOTALL)
    assert len(charts) >= 2
    listed = {url for url, _number in numbers_of(html)}
    for chart in charts:
        assert not re.search(r"<script|<style|style=|onclick|pygal", chart)
        linked = {url.replace("&amp;", "&") for url in re.findall(r'href="([^"]+)"', chart)}
        assert linked and linked <= listed


def test_the_numbers_are_right(office, busy):
    scope = scope_of(office.chair)
    found = report_of(asked(scope, {}))
    assert found.total.counts == {
        "received": 5,
        "finished": 2,
        "in_time": 1,
        "overdue": 1,
        "open": 4,
        "late": 1,
        "paused": 1,
    }
    assert found.total.rate == 50
    assert {line.name: line.counts["open"] for line in found.departments} == {
        "Phòng TC": 3,
        "Phòng KT": 1,
        "Phòng DT": 0,
    }
    steps = {(line.name, line.more): line.counts for line in found.steps}
    first = next(counts for (name, _type), counts in steps.items() if name == "Duyệt first")
    assert (first["done"], first["waiting"]) == (3, 2)
    people = {line.name: line.counts["done"] for line in found.people}
    assert people[str(office.head_tc)] == 2 and people[str(office.chair)] == 2


def test_a_head_gets_the_department_and_all_below_and_nobody_else_gets_any(office, busy, as_user):
    assert [row.code for row in scope_of(office.head_tc).departments] == ["TC"]
    assert {row.code for row in scope_of(office.chair).departments} == {"LD", "VP", "TC", "KT", "DT"}
    html = as_user(office.head_tc).get("/reports/").content.decode()
    assert "Phòng TC" in html and "Phòng KT" not in html and str(office.ann) not in html
    for person in (office.tc1, office.ann, office.outsider):
        for url in ("", "list/?cell=open", "workbook/", "list/workbook/?cell=open"):
            assert as_user(person).get(f"/reports/{url}").status_code == 404
        assert 'href="/reports/"' not in as_user(person).get("/inbox/").content.decode()
    assert 'href="/reports/"' in as_user(office.head_tc).get("/inbox/").content.decode()
    assert "/login" in Client().get("/reports/")["Location"]


def test_nobody_widens_their_scope_by_the_address(office, busy, as_user):
    client = as_user(office.head_tc)
    other = office.departments["KT"].pk
    for extra in (f"department={other}", f"unit={other}", "unit=0", "type=99999", f"person={office.kt1.pk}"):
        html = client.get(f"/reports/list/?cell=open&{extra}").content.decode()
        assert busy["kt1"].number not in html, extra
    assert client.get("/reports/list/?cell=nothing").status_code == 404
    for bad in (
        "since=x&until=9999-99-99",
        "since=2026-12-01&until=2026-01-01",
        "page=999",
        "step=a:b",
        "type=x",
    ):
        assert client.get(f"/reports/list/?cell=done&{bad}").status_code == 200


def test_a_list_names_the_subject_only_to_those_who_may_open_the_dossier(office, busy, as_user):
    Dossier.objects.filter(pk=busy["tc2"].pk).update(subject="Chuyện riêng")
    busy["tc2"].access.exclude(principal=f"user:{office.tc2.pk}").delete()
    for url in ("/reports/list/?cell=open", "/reports/list/workbook/?cell=open"):
        answer = as_user(office.head_tc).get(url)
        text = _text(answer) if answer.streaming else answer.content.decode()
        assert busy["tc2"].number in text and "Chuyện riêng" not in text
        assert "Tờ trình mua máy" in text


def _text(answer):
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    return "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row)


def test_the_workbook_holds_the_tables_and_runs_no_formula(office, busy, as_user):
    office.departments["TC"].name = "=cmd|' /C calc'!A0"
    office.departments["TC"].save()
    answer = as_user(office.chair).get("/reports/workbook/")
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert len(book.sheetnames) == 5
    first = list(book.worksheets[0].values)
    assert first[0][:3] == ("Đơn vị", "Tiếp nhận", "Đã kết thúc")
    assert "'=cmd|' /C calc'!A0" in [row[0] for row in first]
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_time_is_working_time_without_the_pauses(office):
    version = office.publish(PLAIN)
    dossier = open_for(office, version)
    act(dossier, "first", office.head_dt)
    from viewflow.workflow.models import Task

    from workflows.dossiers.api import Pause

    at = lambda day, hour: timezone.make_aware(timezone.datetime(2026, 11, day, hour))  # noqa: E731
    task = Task.objects.get(process__dossierprocess__dossier=dossier, status="DONE", flow_task_type="HUMAN")
    Task.objects.filter(pk=task.pk).update(created=at(18, 8), assigned=at(18, 8), finished=at(19, 10))
    Pause.objects.create(
        dossier=dossier, kind="hold", reason="?", by=office.head_dt, started_at=at(18, 9), ended_at=at(19, 9)
    )
    found = report_of(asked(scope_of(office.chair), {"since": "2026-11-01", "until": "2026-11-30"}))
    (line,) = [line for line in found.steps if line.times]
    assert line.times.average == pytest.approx(2.0)
    assert found.bottleneck == line and found.share == 100


def test_months_are_those_of_the_office(office, busy):
    found = report_of(asked(scope_of(office.chair), {"since": "2026-01-01", "until": "2026-12-31"}))
    assert [line.name for line in found.months] == [f"{month:02d}/2026" for month in range(1, 13)]
    assert sum(line.counts["received"] for line in found.months) == found.total.counts["received"]


def test_a_report_costs_the_same_for_few_dossiers_and_for_many(office, busy, as_user, counted):
    client = as_user(office.chair)
    for url in ("/reports/", "/reports/list/?cell=open", "/reports/list/?cell=done"):
        client.get(url)
        _page, few = counted(lambda url=url: client.get(url))
        for _number in range(12):
            dossier = open_for(office, busy["ann"].version, by=office.kt1)
            act(dossier, "first", office.head_kt)
        _page, many = counted(lambda url=url: client.get(url))
        assert len(many) == len(few) <= 28, "\n".join(many)
        assert not [sql for sql in many if sql.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_addresses_in_a_report_ask_for_one_cell_each(office, busy, as_user):
    urls = [url for url, _number in numbers_of(as_user(office.chair).get("/reports/").content.decode())]
    for url in urls:
        query = parse_qs(urlsplit(url).query)
        assert {"cell", "since", "until"} <= set(query)
