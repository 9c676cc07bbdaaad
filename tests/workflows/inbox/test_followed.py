"""The tab of what is followed, and the marks of all tabs: urgent, and not seen yet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.counting import cost_of, listed, writes
from tests.factories.flows import act, approve, definition, open_for, task_of
from workflows.dossiers.api import Dossier, Follow, Visit, follow, look
from workflows.engine.api import withdraw
from workflows.inbox.models import SavedView


@pytest.fixture
def followed(office, version):
    """Let kt1 follow three dossiers: one without a due date, one due first, one that is over."""
    late, early, over = (open_for(office, version, subject=name) for name in ("Sau", "Trước", "Đã rút"))
    for dossier in (late, early, over):
        follow(dossier.pk, by=office.kt1)
    now = timezone.now()
    Dossier.objects.filter(pk=late.pk).update(due_at=None)
    Dossier.objects.filter(pk__in=[early.pk, over.pk]).update(due_at=now - timedelta(days=2))
    withdraw(over.pk, by=office.ann, reason="Nhầm")
    return {"late": late, "early": early, "over": over}


def _subjects(answer) -> list[str]:
    return [row.dossier.subject for row in answer.context["rows"]]


def _lines(answer) -> dict[str, object]:
    return {line.row.dossier.subject: line for line in answer.context["rows"]}


def test_the_tab_lists_what_is_under_way_first_and_counts_it(office, followed, as_user):
    client = as_user(office.kt1)
    page = client.get("/inbox/?tab=follow")
    assert _subjects(page) == ["Trước", "Sau", "Đã rút"]
    assert page.context["counts"].follow == 2
    assert _subjects(client.get("/inbox/?tab=follow&sort=opened_at")) == ["Sau", "Trước", "Đã rút"]
    assert _subjects(as_user(office.tc1).get("/inbox/?tab=follow")) == []
    assert "Bạn chưa theo dõi hồ sơ nào" in as_user(office.tc1).get("/inbox/?tab=follow").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "truoc"}, ["Trước"]),
        ({"state": "withdrawn"}, ["Đã rút"]),
        ({"light": "none"}, ["Sau"]),
        ({"light": "late", "state": "running"}, ["Trước"]),
        ({"due_until": "2000-01-01"}, []),
        ({"type": "x", "step": "1:a", "role": "named"}, ["Trước", "Sau", "Đã rút"]),
    ],
)
def test_it_is_narrowed_like_the_other_lists(office, followed, as_user, query, found):
    assert _subjects(as_user(office.kt1).get("/inbox/", {"tab": "follow", "filters": "1", **query})) == found


def test_what_others_did_since_the_last_look_is_new(office, followed, as_user):
    client, early = as_user(office.kt1), followed["early"]
    look(early.pk, by=office.kt1)

    def new() -> list[str]:
        rows = client.get("/inbox/?tab=follow").context["rows"]
        return [row.dossier.subject for row in rows if row.is_new]

    assert new() == ["Đã rút"]
    act(early, "op_kt", office.kt1, "agree")
    assert new() == ["Đã rút"]
    act(early, "op_tc", office.tc1, "agree")
    assert new() == ["Trước", "Đã rút"]
    look(early.pk, by=office.kt1)
    assert new() == ["Đã rút"]


def test_it_can_be_unfollowed_here_and_kept_as_a_view_with_its_count(office, followed, as_user):
    client = as_user(office.kt1)
    client.post("/inbox/views/", {"name": "Trễ", "query": "tab=follow&light=late&state=running"})
    [shown] = client.get("/inbox/").context["views"]
    assert (SavedView.objects.get().tab, shown.words) == ("follow", "1")
    address = f"/dossiers/{followed['early'].pk}/follow/"
    assert client.post(address, {"on": "0", "back": "inbox"})["Location"] == "/inbox/?tab=follow"
    assert Follow.objects.filter(user=office.kt1).count() == 2
    [shown] = client.get("/inbox/").context["views"]
    assert shown.words == "0"


def test_what_one_may_no_longer_see_is_gone_from_list_and_count(office, followed, as_user):
    office.kt1.memberships.update(until=timezone.localdate() - timedelta(days=1))
    page = as_user(office.kt1).get("/inbox/?tab=follow")
    assert (_subjects(page), page.context["counts"].follow) == ([], 0)


def test_pages_follow_each_other_and_cost_the_same(office, version, followed, as_user):
    client = as_user(office.kt1)
    _page, few = cost_of(client, "/inbox/?tab=follow")
    for number in range(30):
        follow(open_for(office, version, subject=f"Số {number}").pk, by=office.kt1)
    first, many = cost_of(client, "/inbox/?tab=follow")
    assert len(many) == len(few) <= 8, listed(many)
    assert not writes(many)
    rest = client.get("/inbox/", {"tab": "follow", "after": first.context["page"].next})
    assert len(_subjects(first)) == 25 and len(_subjects(rest)) == 8
    assert _subjects(rest)[-1] == "Đã rút"


@pytest.fixture
def urgent(office):
    """Give tc1 a task of each urgency; the form of one asks for yes or no."""
    version = office.publish(definition(approve("check", {"user": "tc1"}), code="khan"))
    given = [{"urgency": "normal"}, {"urgency": "urgent"}, {"urgency": "express"}, {"urgent": True}, {}]
    names = ["Thường", "Khẩn", "Hỏa tốc", "Có khẩn", "Không hỏi"]
    dossiers = [open_for(office, version, subject=n, **a) for n, a in zip(names, given, strict=True)]
    return dict(zip(names, dossiers, strict=True))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("any", {"Khẩn", "Hỏa tốc", "Có khẩn"}),
        ("urgent", {"Khẩn", "Có khẩn"}),
        ("express", {"Hỏa tốc"}),
        ("very_urgent", set()),
        ("x", {"Thường", "Khẩn", "Hỏa tốc", "Có khẩn", "Không hỏi"}),
    ],
)
def test_lists_are_narrowed_to_what_is_urgent(office, urgent, as_user, asked, found):
    client = as_user(office.tc1)
    assert set(_lines(client.get("/inbox/", {"urgency": asked}))) == found
    for dossier in urgent.values():
        follow(dossier.pk, by=office.tc1)
    assert set(_subjects(client.get("/inbox/", {"tab": "follow", "urgency": asked}))) == found


def test_a_line_says_how_urgent_it_is_and_whether_it_was_seen(office, urgent, as_user):
    client = as_user(office.tc1)
    lines = _lines(client.get("/inbox/"))
    assert {name: line.urgency and line.urgency[1] for name, line in lines.items()} == {
        "Thường": None,
        "Khẩn": "orange",
        "Hỏa tốc": "red",
        "Có khẩn": "orange",
        "Không hỏi": None,
    }
    assert all(line.is_new for line in lines.values())
    client.post(f"/dossiers/{urgent['Khẩn'].pk}/look/")
    assert not _lines(client.get("/inbox/"))["Khẩn"].is_new
    task = task_of(urgent["Khẩn"], "check")
    Visit.objects.update(at=task.created - timedelta(minutes=1))
    assert _lines(client.get("/inbox/"))["Khẩn"].is_new
