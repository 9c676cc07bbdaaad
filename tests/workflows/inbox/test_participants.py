"""Who takes part in a running block, and work that has failed, on the page of the dossier."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from home.people.api import ADMIN_GROUP
from tests.factories.flows import act, approve, definition, open_for, opinions, review
from tests.factories.people import UserFactory
from workflows.dossiers.api import DISPATCH, Errand, grant
from workflows.engine.api import participants_of

EACH = {
    "id": "units",
    "kind": "each",
    "title": "Các đơn vị",
    "of": {"departments": ["TC", "KT"]},
    "branches": [{"steps": [review("op", "VP") | {"who": {"item": "head"}}]}],
}


@pytest.fixture
def dossier(office):
    flow = definition(approve("lead", {"user": "vp1"}), EACH, approve("last", {"user": "chair"}))
    found = open_for(office, office.publish(flow))
    return act(found, "lead", office.vp1)


def url(dossier, verb):
    return f"/dossiers/{dossier.pk}/participants/units/{verb}/"


def unit(office, code):
    return f"dept:{office.departments[code].pk}"


def items(dossier):
    return [person.item for person in participants_of(dossier, "units") if person.state != "removed"]


def test_who_leads_adds_and_takes_out(office, dossier, as_user):
    client, page = as_user(office.vp1), f"/dossiers/{dossier.pk}/"
    shown = client.get(page).content.decode()
    assert url(dossier, "add") in shown
    assert "Phòng KT" in shown
    assert f'value="{unit(office, "DT")}"' in client.get(url(dossier, "add")).content.decode()
    answer = client.post(url(dossier, "add"), {"to": unit(office, "DT")})
    assert (answer.status_code, answer.url) == (302, page)
    assert items(dossier) == [unit(office, code) for code in ("TC", "KT", "DT")]
    person = f"user:{office.tc2.pk}"
    assert client.post(url(dossier, "add"), {"to": person}).status_code == 302
    asked = client.get(url(dossier, "remove"), {"to": unit(office, "KT")}).content.decode()
    assert f'value="{unit(office, "KT")}" checked' in " ".join(asked.split())
    answer = client.post(url(dossier, "remove"), {"to": unit(office, "KT"), "reason": "Không liên quan"})
    assert (answer.status_code, answer.url) == (302, page)
    assert items(dossier) == [unit(office, "TC"), unit(office, "DT"), person]


def test_a_parallel_block_names_its_branches_and_lets_others_join(office, as_user):
    block = opinions(lead={"user": "vp1"})
    raw = definition(approve("lead", {"user": "vp1"}), block, approve("last", {"user": "chair"}))
    dossier = open_for(office, office.publish(raw))
    page, add = f"/dossiers/{dossier.pk}/", f"/dossiers/{dossier.pk}/participants/opinions/add/"
    remove = add.replace("add", "remove")
    client = as_user(office.vp1)
    assert add not in client.get(page).content.decode()
    act(dossier, "lead", office.vp1)
    shown = client.get(page).content.decode()
    assert add in shown
    assert all(words in shown for words in ("Ý kiến TC", "Ý kiến KT", "Ý kiến DT"))
    assert client.post(add, {"to": unit(office, "VP")}).status_code == 302
    answer = client.post(remove, {"to": "branch:2", "reason": "Không liên quan"})
    assert (answer.status_code, answer.url) == (302, page)
    states = [(part.item, part.state) for part in participants_of(dossier, "opinions")]
    assert states == [
        ("branch:1", "open"),
        ("branch:2", "removed"),
        ("branch:3", "open"),
        (unit(office, "VP"), "open"),
    ]
    assert "Phòng VP" in client.get(page).content.decode()
    # Whoever has a part in it and does not lead it sees who is asked, and no button.
    others = as_user(office.tc1)
    assert "Ý kiến KT" in others.get(page).content.decode()
    assert add not in others.get(page).content.decode()
    assert others.post(add, {"to": unit(office, "LD")}).status_code == 404


@pytest.mark.parametrize(
    ("verb", "posted", "wrong"),
    [
        ("add", {"to": ""}, "to"),
        ("add", {"to": "dept:x"}, "to"),
        ("add", {"to": "TC"}, "to"),
        ("remove", {"to": "", "reason": "Vì thế"}, "to"),
        ("remove", {"to": "TC", "reason": ""}, "reason"),
    ],
)
def test_what_is_missing_is_said_at_its_place(office, dossier, as_user, unchanged, verb, posted, wrong):
    data = {key: unit(office, value) if value == "TC" else value for key, value in posted.items()}
    with unchanged():
        answer = as_user(office.vp1).post(url(dossier, verb), data)
    assert answer.status_code == 200
    assert f'id="{wrong}-error"' in answer.content.decode()


@pytest.mark.parametrize("verb", ["add", "remove"])
def test_to_others_there_is_no_such_page(office, dossier, as_user, unchanged, verb):
    data = {"to": unit(office, "DT" if verb == "add" else "KT"), "reason": "x"}
    for person in (office.outsider, office.ann, office.head_tc):
        with unchanged():
            client = as_user(person)
            assert client.get(url(dossier, verb)).status_code == 404
            assert client.post(url(dossier, verb), data).status_code == 404
    assert url(dossier, verb) not in as_user(office.ann).get(f"/dossiers/{dossier.pk}/").content.decode()
    for block in ("op", "lead", "nothing"):
        path = url(dossier, verb).replace("units", block)
        assert as_user(office.vp1).get(path).status_code == 404
    with unchanged():
        for method in ("get", "post"):
            assert "/login" in getattr(Client(), method)(url(dossier, verb), data)["Location"]


def test_an_act_pressed_when_the_block_is_over_says_so(office, dossier, as_user, unchanged):
    from viewflow.workflow.models import Task

    from workflows.engine.api import decide

    for head in (office.head_tc, office.head_kt):
        task = Task.objects.get(owner=head, finished=None, flow_task_type="HUMAN")
        decide(task.pk, by=head, outcome="agree")
    with unchanged():
        answer = as_user(office.vp1).post(url(dossier, "add"), {"to": unit(office, "DT")})
    assert answer.url == f"/dossiers/{dossier.pk}/"


def test_failed_work_is_tried_again_by_those_who_answer_for_it(office, dossier, as_user, unchanged):
    office.chief.groups.add(Group.objects.get_or_create(name=ADMIN_GROUP)[0])
    failed = Errand.objects.create(
        dossier=dossier, kind="test", state="failed", error="Timeout: x<y", attempts=12
    )
    grant(dossier, {DISPATCH})  # as giving up does
    page, retry = f"/dossiers/{dossier.pk}/", f"/dossiers/{dossier.pk}/retry/"
    for person in (office.ann, office.vp1):
        assert "Timeout" not in as_user(person).get(page).content.decode()
        with unchanged():
            assert as_user(person).post(retry, {"errand": failed.pk}).status_code == 404
    with unchanged():
        assert as_user(office.outsider).post(retry, {"errand": failed.pk}).status_code == 404
        assert Client().post(retry, {"errand": failed.pk})["Location"].endswith(f"next={page}")
        for key in ("", "x", "9" * 30, str(failed.pk + 1)):
            assert as_user(office.chief).post(retry, {"errand": key}).status_code == 404
    client = as_user(office.chief)
    text = client.get(page).content.decode()
    assert "Timeout: x&lt;y" in text
    assert retry in text
    assert client.post(retry, {"errand": failed.pk}).url == page
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == ("waiting", 0)
    with unchanged():
        assert client.post(retry, {"errand": failed.pk}).url == page


def test_whom_to_add_is_searched_for_without_changing_anything(office, dossier, as_user, unchanged):
    wanted = UserFactory(last_name="Đặng", first_name="Hồng Gấm")
    UserFactory.create_batch(25)
    client = as_user(office.vp1)
    assert 'name="to-find"' in client.get(url(dossier, "add")).content.decode()
    typed = {"to-find": "hong gam", "find": "to", "reason": "Đang viết dở"}
    with unchanged():
        answer = client.post(url(dossier, "add"), typed)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert f'value="user:{wanted.pk}"' in page
    assert "Đang viết dở" in page
    assert 'id="to-error"' not in page
    with unchanged():
        found = client.post(url(dossier, "add"), {"to-find": "Phòng DT", "find": "to"})
    assert f'value="{unit(office, "DT")}"' in " ".join(found.content.decode().split())
