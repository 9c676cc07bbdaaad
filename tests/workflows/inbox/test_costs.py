"""What pages and decisions cost in queries: the same for one task and for sixty."""

from __future__ import annotations

import pytest

from tests.factories.flows import approve, definition, open_for, review, task_of
from workflows.engine.api import claim

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")

#: Session, reader, reader's places, tasks, their dossiers, the two counts, the calendar's stamp.
OWN_INBOX = 7


@pytest.fixture
def frame(as_user, counted):
    """Return what the frame of every page (menu, bell) costs this reader beyond session, reader, places, counts."""

    def cost(person):
        client = as_user(person)
        client.get("/dossiers/new/")
        _response, queries = counted(lambda: client.get("/dossiers/new/"))
        own = ("django_session", "people_user", "people_membership", "viewflow_task", "dossiers_dossiertype")
        return len([sql for sql in queries if not any(name in sql.split("WHERE")[0] for name in own)])

    return cost


def _claimed(office, version, number):
    for _ in range(number):
        claim(task_of(open_for(office, version), "op_tc").pk, by=office.tc1)


@pytest.mark.parametrize("tab", ["mine", "claim"])
def test_the_inbox_costs_the_same_for_one_task_and_for_sixty(office, version, as_user, counted, frame, tab):
    client = as_user(office.tc1)
    _claimed(office, version, 1)
    open_for(office, version)
    client.get("/inbox/", {"tab": tab})
    _response, few = counted(lambda: client.get("/inbox/", {"tab": tab}))
    _claimed(office, version, 59)
    for _ in range(59):
        open_for(office, version)
    response, many = counted(lambda: client.get("/inbox/", {"tab": tab}))
    assert len(many) == len(few)
    assert len(many) <= OWN_INBOX + frame(office.tc1)
    assert not [sql for sql in many if sql.startswith(WRITES)]
    assert response.content.count(b'class="flow-title"') == 25
    assert len(response.content) <= 100_000


def test_the_whole_inbox_costs_at_most_eight_queries(office, version, as_user, counted):
    _claimed(office, version, 3)
    client = as_user(office.tc1)
    client.get("/inbox/")
    _response, queries = counted(lambda: client.get("/inbox/"))
    assert len(queries) <= 8, "\n".join(queries)


@pytest.fixture
def plain(office):
    """A flow of two approvals by named posts."""
    return office.publish(
        definition(
            approve("first", {"head_of": "submitter"}),
            approve("second", {"position": "chair", "department": "LD"}),
            code="plain",
        )
    )


def test_a_plain_approval_costs_at_most_fifteen_queries(office, plain, as_user, counted):
    warm, dossier = open_for(office, plain), open_for(office, plain)
    client = as_user(office.head_dt)
    client.post(f"/tasks/{task_of(warm, 'first').pk}/", {"outcome": "approve"})
    url = f"/tasks/{task_of(dossier, 'first').pk}/"
    response, queries = counted(lambda: client.post(url, {"outcome": "approve", "note": "Đồng ý"}))
    assert response.status_code == 302
    # After the commit, one more insert wakes the worker that sends the mail.
    assert len(queries) + 1 <= 15, "\n".join(queries)


def test_a_decision_out_of_a_pool_costs_one_query_more(office, as_user, counted):
    version = office.publish(
        definition(
            review("op", "TC"), approve("sign", {"position": "chair", "department": "LD"}), code="pool"
        )
    )
    warm, dossier = open_for(office, version), open_for(office, version)
    client = as_user(office.tc1)
    client.post(f"/tasks/{task_of(warm, 'op').pk}/", {"outcome": "agree"})
    url = f"/tasks/{task_of(dossier, 'op').pk}/"
    response, queries = counted(lambda: client.post(url, {"outcome": "agree"}))
    assert response.status_code == 302
    assert len(queries) + 1 <= 16, "\n".join(queries)


@pytest.mark.parametrize("address", ["/dossiers/?tab=all", "/dossiers/?tab=all&q=may&sort=due_at"])
def test_the_list_of_dossiers_costs_the_same_for_one_and_for_thirty(
    office, version, as_user, counted, address
):
    client = as_user(office.head_tc)
    open_for(office, version)
    client.get(address)
    _response, few = counted(lambda: client.get(address))
    for _ in range(29):
        open_for(office, version)
    _response, many = counted(lambda: client.get(address))
    assert len(many) == len(few)


def test_a_dossier_and_a_task_cost_the_same_after_many_rounds(office, version, as_user, counted):
    from tests.factories.flows import act

    dossier = open_for(office, version)
    client = as_user(office.head_tc)
    pages = lambda: [f"/dossiers/{dossier.pk}/", f"/tasks/{task_of(dossier, 'op_tc').pk}/"]  # noqa: E731
    few = [len(counted(lambda url=url: client.get(url))[1]) for url in pages() + pages()][2:]
    for _ in range(3):
        act(dossier, "op_tc", office.tc1, "disagree", note="Thiếu")
        act(dossier, "op_kt", office.kt1, "disagree", note="Thiếu")
        act(dossier, "rework", office.ann, "resubmit", answers=dossier.answers)
    many = [len(counted(lambda url=url: client.get(url))[1]) for url in pages()]
    assert many == few
