"""What home page, inbox and decisions cost in queries in a busy office, with everything that they show and write."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from viewflow.workflow.models import Task

from home.people.api import Delegation
from tests.counting import cost_of, listed, writes
from tests.factories.flows import act, open_for, task_of
from tests.factories.pages import make_home, make_news, make_notice
from workflows.dossiers.api import Dossier
from workflows.engine.api import claim, hold, resume


@pytest.mark.parametrize("number", [1, 20])
def test_a_busy_home_page_costs_at_most_fifteen_queries(office, version, as_user, number):
    make_home()
    for n in range(number):
        make_news(title=f"Tin {n}")
        make_notice(title=f"Thông báo {n}", audience_departments=[office.departments["TC"]])
        dossier = open_for(office, version, by=office.tc1)
        claim(task_of(open_for(office, version), "op_tc").pk, by=office.tc1)
        assert dossier.is_open
    response, queries = cost_of(as_user(office.tc1), "/")
    text = response.content.decode()
    assert "Thông báo 0" in text or number > 1
    assert "Tờ trình mua máy" in text
    assert len(queries) <= 15, listed(queries)
    assert not writes(queries)


@pytest.mark.parametrize("tab", ["mine", "claim"])
@pytest.mark.parametrize("number", [1, 60])
def test_the_inbox_costs_at_most_eight_queries_and_writes_nothing(office, version, as_user, number, tab):
    make_home()
    make_news(title="Tin", audience_departments=[office.departments["TC"]])
    for _ in range(number):
        claim(task_of(open_for(office, version), "op_tc").pk, by=office.tc1)
        open_for(office, version)
    response, queries = cost_of(as_user(office.tc1), f"/inbox/?tab={tab}")
    assert response.content.count(b'class="flow-title"') == min(number, 25)
    assert len(queries) <= 8, listed(queries)
    assert not writes(queries)


def test_to_stand_in_for_somebody_costs_no_query_more(office, version, as_user):
    today = timezone.localdate()
    Delegation.objects.create(principal=office.tc1, delegate=office.kt1, since=today, until=today)
    for _ in range(30):
        open_for(office, version)
    response, queries = cost_of(as_user(office.kt1), "/inbox/?tab=claim")
    assert len(queries) <= 8, listed(queries)
    text = response.content.decode()
    assert text.count('class="flow-title"') == 25
    assert str(office.tc1) in text
    first = Dossier.objects.earliest("pk")
    page = as_user(office.kt1).get(f"/dossiers/{first.pk}/").content.decode()
    assert f"/tasks/{task_of(first, 'op_tc').pk}/" in page, "the dossier leads a stand-in to their task"


def test_ten_thousand_open_tasks_cost_no_more_than_a_few(office, version, as_user):
    task = claim(task_of(open_for(office, version), "op_tc").pk, by=office.tc1)
    due = timezone.now()
    copies = [
        Task(
            process_id=task.process_id,
            flow_task=task.flow_task,
            flow_task_type=task.flow_task_type,
            status=task.status,
            owner=office.tc1,
            owner_permission=task.owner_permission,
            scheduled=due + timedelta(minutes=number),
        )
        for number in range(10_000)
    ]
    Task.objects.bulk_create(copies, batch_size=2_000)
    for query in ("", "?sort=-since", "?q=mua+may&light=soon"):
        response, queries = cost_of(as_user(office.tc1), f"/inbox/{query}")
        assert response.content.count(b'class="flow-title"') == 25
        assert response.context["counts"].mine_words == "100+"
        assert len(response.content) <= 100_000
        assert not writes(queries)
        assert len(queries) <= (8 if "q=" not in query else 12), listed(queries)


def test_forty_five_claimable_tasks_make_a_page_of_less_than_a_hundred_kilobytes(office, version, as_user):
    for _ in range(45):
        open_for(office, version)
    for page in (1, 2):
        response, _queries = cost_of(as_user(office.tc1), f"/inbox/?tab=claim&page={page}")
        assert len(response.content) <= 100_000


def test_the_decision_that_closes_a_parallel_block_costs_at_most_twenty_nine_queries(
    office, version, as_user, counted
):
    warm, dossier = open_for(office, version), open_for(office, version)
    first, second = as_user(office.tc1), as_user(office.kt1)

    def decide(client, of, step):
        url = f"/tasks/{task_of(of, step).pk}/"
        return counted(lambda: client.post(url, {"outcome": "agree", "note": "Nhất trí"}))

    for of in (warm, dossier):
        decide(first, of, "op_tc")
        response, queries = decide(second, of, "op_kt")
    assert response.status_code == 302
    dossier.refresh_from_db()
    assert dossier.open_steps == ["sign"]
    assert len(queries) + 1 <= 29, listed(queries)


def test_who_decides_is_read_from_the_database_even_right_after_reading(office, version, as_user, counted):
    """What a page remembered of a person's places is never asked when the person acts."""
    dossier = open_for(office, version)
    client, task = as_user(office.tc1), task_of(dossier, "op_tc")
    client.get("/inbox/")
    client.get("/inbox/")
    _response, queries = counted(lambda: client.post(f"/tasks/{task.pk}/claim/"))
    assert any('FROM "people_membership"' in sql for sql in queries)
    task.refresh_from_db()
    assert task.owner == office.tc1


@pytest.mark.parametrize("reader", ["tc1", "ann"])
def test_a_dossier_and_its_task_cost_the_same_however_much_has_happened(office, version, as_user, reader):
    """Rounds, pauses, and other dossiers of the office add no query to a page."""
    young, old = open_for(office, version), open_for(office, version)
    for _ in range(3):
        act(old, "op_tc", office.tc1, "agree", note="Nhất trí")
        act(old, "op_kt", office.kt1, "agree")
        act(old, "sign", office.chair, "return", note="Bổ sung")
        act(old, "rework", office.ann, "resubmit", answers=old.answers)
    for of in (young, old):
        hold(of.pk, by=office.head_dt, reason="Chờ")
        resume(of.pk, by=office.head_dt)
    for _ in range(3):
        hold(old.pk, by=office.head_dt, reason="Chờ")
        resume(old.pk, by=office.head_dt)
    client = as_user(getattr(office, reader))
    for path in ("/dossiers/{0.pk}/", "/tasks/{1.pk}/"):
        costs = []
        for of in (young, old):
            response, queries = cost_of(client, path.format(of, task_of(of, "op_tc")))
            assert response.status_code == 200
            assert not writes(queries)
            costs.append(queries)
        assert len(costs[0]) == len(costs[1]), listed(costs[1])
        assert len(costs[1]) <= 45, listed(costs[1])
