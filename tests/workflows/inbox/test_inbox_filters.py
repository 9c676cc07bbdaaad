"""Filters, orders and saved views of the inbox."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from viewflow.workflow.models import Task

from home.people.api import Delegation
from tests.counting import cost_of, listed, writes
from tests.factories.flows import act, approve, definition, open_for, review, task_of
from workflows.dossiers.api import Dossier
from workflows.engine.api import claim
from workflows.inbox.models import SavedView
from workflows.inbox.saved_views import MOST


@pytest.fixture
def tasks(office):
    """Give tc1 three tasks of their own (two types, two departments) and one to claim; by number of the dossier."""
    plain = office.publish(definition(approve("check", {"user": "tc1"}), code="mot"))
    pooled = office.publish(definition(review("op", "TC"), code="hai"))
    first = open_for(office, plain, subject="Đề án mua máy")
    second = open_for(office, plain, by=office.kt1, subject="Kế hoạch năm")
    third = open_for(office, pooled, subject="Tờ trình (xe)")
    fourth = open_for(office, pooled, subject="Để nhận")
    claim(task_of(third, "op").pk, by=office.tc1)
    now = timezone.now()
    for dossier, step, days in ((first, "check", -3), (second, "check", 30), (third, "op", None)):
        task = task_of(dossier, step)
        Task.objects.filter(pk=task.pk).update(scheduled=None if days is None else now + timedelta(days=days))
    return {"first": first, "second": second, "third": third, "fourth": fourth}


def _subjects(answer) -> list[str]:
    return [line.row.dossier.subject for line in answer.context["rows"]]


ALL = ["Đề án mua máy", "Kế hoạch năm", "Tờ trình (xe)"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [0, 1, 2]),
        ({"q": "de an"}, [0]),
        ({"q": "(xe"}, [2]),
        ({"q": "khong"}, []),
        ({"q": "…"}, []),
        ({"light": "late"}, [0]),
        ({"light": "on_time"}, [1]),
        ({"light": "none"}, [2]),
        ({"light": "x"}, [0, 1, 2]),
        ({"role": "named"}, [0, 1]),
        ({"role": "claimed"}, [2]),
        ({"role": "stand_in"}, []),
        ({"state": "running"}, [0, 1, 2]),
        ({"state": "held"}, []),
        ({"type": "x"}, [0, 1, 2]),
        ({"type": "9" * 30}, [0, 1, 2]),
        ({"step": "x"}, [0, 1, 2]),
        ({"sort": "-due_at"}, [2, 1, 0]),
        ({"sort": "since"}, [0, 1, 2]),
        ({"sort": "-since"}, [2, 1, 0]),
    ],
)
def test_filters_and_orders(office, tasks, as_user, query, found):
    answer = as_user(office.tc1).get("/inbox/", query)
    assert _subjects(answer) == [ALL[n] for n in found]


def test_filters_by_type_step_department_number_and_dates(office, tasks, as_user):
    client = as_user(office.tc1)

    def found(**query):
        return _subjects(client.get("/inbox/", query))

    first, third = tasks["first"], tasks["third"]
    assert found(type=first.type_id) == ALL[:2]
    assert found(step=f"{first.type_id}:check") == ALL[:2]
    assert found(step=f"{first.type_id}:op") == []
    assert found(step=f"{third.type_id}:op") == ALL[2:]
    assert found(department=office.departments["KT"].pk) == ALL[1:2]
    assert found(q=third.number) == [
        row.subject
        for row in Dossier.objects.filter(number=third.number, subject__in=ALL).order_by("due_at", "pk")
    ]
    today = timezone.localdate()
    assert found(due_from=today) == ALL[1:2]
    assert found(due_until=today) == ALL[:1]
    assert found(due_from="mai") == ALL


def test_the_panel_offers_types_departments_and_the_steps_of_the_list(office, tasks, as_user):
    text = as_user(office.tc1).get("/inbox/?filters=1").content.decode()
    assert f'value="{tasks["first"].type_id}:check"' in text
    assert "Phòng KT" in text
    plain = as_user(office.tc1).get("/inbox/").content.decode()
    assert 'name="department"' not in plain and 'name="q"' in plain


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("khan hiem", True),
        ("KHAN may", True),
        ("12/qd", True),
        ("qd-ubnd", False),
        ("(vat)", True),
        ("chi", True),
        ("de an khan", False),
        ("han hiem", False),
        ("reason", False),
        ("987%", True),
        ("1_0", False),
        ("12345678", True),
    ],
)
def test_words_are_looked_for_in_the_content_when_that_is_asked(office, tasks, as_user, text, found):
    reason = "Máy khan hiếm,\ntheo 12/QĐ-UBND (VAT) 987% – “chi”"
    Dossier.objects.filter(pk=tasks["second"].pk).update(
        answers={"reason": reason, "rows": [{"n": 12345678}]}
    )
    client = as_user(office.tc1)
    page = client.get("/inbox/", {"q": text, "where": "content"})
    assert _subjects(page) == (ALL[1:2] if found else [])
    plain = client.get("/inbox/", {"q": text})
    assert _subjects(plain) == [] and "where=content" in plain.content.decode()


def test_tasks_of_the_absent_have_a_role_of_their_own(office, tasks, as_user):
    today = timezone.localdate()
    Delegation.objects.create(principal=office.tc1, delegate=office.tc2, since=today, until=today)
    client = as_user(office.tc2)
    assert _subjects(client.get("/inbox/", {"role": "stand_in"})) == ALL
    assert _subjects(client.get("/inbox/", {"role": "named"})) == []


def test_what_is_done_stands_with_its_outcome_also_when_done_for_somebody_else(office, tasks, as_user):
    act(tasks["first"], "check", office.tc1, "approve")
    today = timezone.localdate()
    Delegation.objects.create(principal=office.tc1, delegate=office.tc2, since=today, until=today)
    office.tc2.refresh_from_db()
    act(tasks["second"], "check", type(office.tc2).objects.get(pk=office.tc2.pk), "approve")
    own, other = (as_user(person).get("/inbox/?tab=done") for person in (office.tc1, office.tc2))
    assert _subjects(own) == ALL[:1]
    assert _subjects(other) == ALL[1:2]
    assert "Phê duyệt" in own.content.decode() or "Duyệt" in own.content.decode()
    assert _subjects(as_user(office.kt1).get("/inbox/?tab=done")) == []


def test_a_view_is_saved_shown_with_its_count_and_deleted(office, tasks, as_user):
    client = as_user(office.tc1)
    query = f"tab=mine&type={tasks['first'].type_id}&sort=-due_at&nonsense=1&after=x"
    saved = client.post("/inbox/views/", {"name": "  Loại một ", "query": query})
    view = SavedView.objects.get(user=office.tc1)
    assert (view.name, view.tab, view.order) == ("Loại một", "mine", "-due_at")
    assert parse_qs(view.query) == {"type": [str(tasks["first"].type_id)]}
    page = client.get(saved["Location"])
    [shown] = page.context["views"]
    assert (shown.words, shown.is_shown) == ("2", True)
    assert _subjects(page) == [ALL[1], ALL[0]]
    text = page.content.decode()
    assert f'<input type="hidden" name="type" value="{tasks["first"].type_id}" />' in text
    assert 'name="department"' not in text
    assert parse_qs(urlsplit(saved["Location"]).query)["sort"] == ["-due_at"]
    client.post("/inbox/views/", {"name": "Loại một", "query": "tab=claim&q=xe"})
    assert SavedView.objects.get().tab == "claim"
    assert client.post(f"/inbox/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()


def test_views_of_others_do_not_exist(office, tasks, as_user):
    view = SavedView.objects.create(user=office.tc1, name="Rất riêng", tab="mine", query="", order="due_at")
    other = as_user(office.tc2)
    assert "Rất riêng" not in other.get("/inbox/").content.decode()
    assert other.post(f"/inbox/views/{view.pk}/delete/").status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_nobody_keeps_more_views_than_fit_or_views_without_a_name(office, as_user):
    client = as_user(office.tc1)
    for number in range(MOST + 2):
        client.post("/inbox/views/", {"name": f"Số {number}", "query": "q=x"})
    client.post("/inbox/views/", {"name": " ", "query": "q=x"})
    assert SavedView.objects.count() == MOST


def test_a_view_of_a_type_that_is_gone_is_empty_not_broken(office, tasks, as_user):
    SavedView.objects.create(user=office.tc1, name="Cũ", tab="x", query="type=999999&light=zz", order="y")
    page = as_user(office.tc1).get("/inbox/")
    assert [shown.words for shown in page.context["views"]] == ["0"]


def test_views_and_filters_cost_the_same_for_one_and_for_many(office, tasks, as_user):
    client = as_user(office.tc1)
    SavedView.objects.create(user=office.tc1, name="0", tab="mine", query="q=may", order="due_at")
    address = f"/inbox/?type={tasks['first'].type_id}&q=de"
    plain, few = (cost_of(client, path)[1] for path in ("/inbox/", address))
    for number in range(1, 8):
        query = f"type={number}&department=1&step=1:a&light=late"
        SavedView.objects.create(user=office.tc1, name=str(number), tab="mine", query=query, order="due_at")
    for number in range(30):
        open_for(office, tasks["first"].version, subject=f"Đề án {number}")
    assert len(cost_of(client, "/inbox/")[1]) == len(plain) <= 8, listed(plain)
    many = cost_of(client, address)[1]
    assert len(many) == len(few) <= 12, listed(many)
    assert not writes(many)


def test_a_long_search_is_kept_whole(office, tasks, as_user):
    client = as_user(office.tc1)
    client.post(
        "/inbox/views/",
        {"name": "Dài", "query": f"q={'ế' * 400}&light=late&department=5&due_from=2026-01-01"},
    )
    kept = parse_qs(SavedView.objects.get().query)
    assert kept["q"] == ["ế" * 200]
    assert kept["due_from"] == ["2026-01-01"]


def test_what_cannot_be_read_is_not_kept(office, tasks, as_user):
    client = as_user(office.tc1)
    noise = "&".join(
        f"{name}={'ế' * 300}" for name in ("type", "step", "department", "light", "role", "due_from")
    )
    assert _subjects(client.get(f"/inbox/?{noise}")) == ALL
    client.post("/inbox/views/", {"name": "x" * 300, "query": f"{noise}&step=1:a&step=2:sign"})
    view = SavedView.objects.get()
    assert (len(view.name), view.query) == (60, "step=2%3Asign")
