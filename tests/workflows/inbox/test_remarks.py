"""Internal remarks: who reads them, whom they call, and what becomes of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from home.audit.api import Entry
from home.notifications.models import Notification
from tests.factories.flows import open_for, task_of
from workflows.dossiers.api import Mention, Remark, write_remark

SECRET = "Cần hỏi lại đơn giá"


@pytest.fixture
def dossier(office, version):
    return open_for(office, version)


@pytest.fixture
def post(as_user):
    def send(person, url, **data):
        return as_user(person).post(url, data)

    return send


def write(post, dossier, person, text=SECRET, audience="staff", **data):
    return post(person, f"/dossiers/{dossier.pk}/remarks/", text=text, audience=audience, **data)


def page(as_user, person, dossier):
    return as_user(person).get(f"/dossiers/{dossier.pk}/").content.decode()


def told(person):
    return list(Notification.objects.filter(recipient=person, kind="remark.mentioned").order_by("pk"))


def test_those_who_work_on_a_dossier_read_a_remark_and_its_submitter_finds_no_trace(
    office, dossier, as_user, post
):
    response = write(post, dossier, office.tc1)
    remark = Remark.objects.get()
    assert response["Location"] == f"/dossiers/{dossier.pk}/#remark-{remark.pk}"
    assert SECRET in page(as_user, office.kt1, dossier)
    assert SECRET in as_user(office.tc2).get(f"/tasks/{task_of(dossier, 'op_tc').pk}/").content.decode()
    own = page(as_user, office.ann, dossier)
    assert SECRET not in own and f"remark-{remark.pk}" not in own and 'value="staff"' not in own
    assert write(post, dossier, office.ann).status_code == 200
    assert Remark.objects.count() == 1


def test_a_remark_for_everybody_is_read_by_the_submitter_who_answers(office, dossier, as_user, post):
    write(post, dossier, office.tc1, audience="all")
    assert SECRET in page(as_user, office.ann, dossier)
    write(post, dossier, office.ann, "Đã gửi lại @tc1", audience="all")
    assert [row.by for row in told(office.tc1)] == [office.ann]


def test_a_remark_is_no_part_of_the_history(office, dossier, as_user, post):
    before = Entry.objects.filter(target=dossier.target).count()
    write(post, dossier, office.tc1)
    assert Entry.objects.filter(target=dossier.target).count() == before
    entry = Entry.objects.get(target=f"remarks:{dossier.pk}")
    assert (entry.verb, entry.by, entry.data["text"]) == ("remark.written", office.tc1, SECRET)


def test_naming_somebody_rings_their_bell_and_opens_nothing(office, dossier, as_user, post):
    text = "@kt1 xem giúp, @outsider và @ann và @khong.co cũng vậy, thư tới x@kt2.vn."
    response = as_user(office.tc1).post(
        f"/dossiers/{dossier.pk}/remarks/", {"text": text, "audience": "staff"}, follow=True
    )
    assert [row.url for row in told(office.kt1)] == [
        f"/dossiers/{dossier.pk}/#remark-{Remark.objects.get().pk}"
    ]
    assert not told(office.outsider) and not told(office.ann) and not told(office.kt2)
    assert list(Mention.objects.values_list("user__username", flat=True)) == ["kt1"]
    shown = response.content.decode()
    assert "@outsider, @ann, @khong.co" in shown
    assert as_user(office.outsider).get(f"/dossiers/{dossier.pk}/").status_code == 404


def test_only_people_who_may_read_it_are_offered(office, dossier, as_user):
    def offered(person, **query):
        answer = as_user(person).get(f"/dossiers/{dossier.pk}/people/", query)
        return {row["username"] for row in answer.json()["people"]}

    assert offered(office.tc1, q="kt") == {"kt1", "kt2", "head_kt"} & offered(office.tc1, q="kt")
    assert "kt1" in offered(office.tc1, q="KT1")
    assert not offered(office.tc1, q="outsider") and not offered(office.tc1, q="ann", audience="staff")
    assert offered(office.tc1, q="ann", audience="all") == {"ann"}
    assert not offered(office.ann, q="xyz") and len(offered(office.tc1)) <= 8
    assert as_user(office.outsider).get(f"/dossiers/{dossier.pk}/people/").status_code == 404
    assert "/login" in Client().get(f"/dossiers/{dossier.pk}/people/")["Location"]


def test_what_was_just_written_is_changed_and_only_new_names_are_told(office, dossier, as_user, post):
    write(post, dossier, office.tc1, "Hỏi @kt1")
    remark = Remark.objects.get()
    post(office.tc1, f"/remarks/{remark.pk}/edit/", text="Hỏi @kt1 và @dt1")
    remark.refresh_from_db()
    assert remark.text == "Hỏi @kt1 và @dt1" and remark.edited_at
    assert (len(told(office.kt1)), len(told(office.dt1))) == (1, 1)
    assert [
        row.data["text"] for row in Entry.objects.filter(target=f"remarks:{dossier.pk}").order_by("seq")
    ] == [
        "Hỏi @kt1",
        "Hỏi @kt1 và @dt1",
    ]
    Remark.objects.update(written_at=timezone.now() - timedelta(minutes=16))
    shown = post(office.tc1, f"/remarks/{remark.pk}/edit/", text="Khác")
    assert shown.status_code == 200 and "không còn sửa được" in shown.content.decode()
    assert Remark.objects.get().text == "Hỏi @kt1 và @dt1"


def test_a_withdrawn_remark_stays_and_only_its_author_reads_it(office, dossier, as_user, post):
    write(post, dossier, office.tc1)
    remark = Remark.objects.get()
    for _twice in range(2):
        post(office.tc1, f"/remarks/{remark.pk}/withdraw/")
    assert SECRET in page(as_user, office.tc1, dossier)
    others = page(as_user, office.kt1, dossier)
    assert SECRET not in others and f"remark-{remark.pk}" in others
    assert Entry.objects.filter(verb="remark.withdrawn").count() == 1


@pytest.mark.parametrize("act", ["edit", "withdraw"])
def test_nobody_touches_the_remarks_of_others(office, dossier, post, act):
    remark = write_remark(dossier.pk, by=office.tc1, text=SECRET, audience="staff")
    for person in (office.tc2, office.ann, office.outsider):
        assert post(person, f"/remarks/{remark.pk}/{act}/", text="x").status_code == 404
    remark.refresh_from_db()
    assert remark.text == SECRET and remark.withdrawn_at is None


def test_an_outsider_writes_nothing_and_a_visitor_logs_in(office, dossier, post):
    assert write(post, dossier, office.outsider).status_code == 404
    url = f"/dossiers/{dossier.pk}/remarks/"
    assert "/login" in Client().post(url, {"text": SECRET})["Location"]
    assert not Remark.objects.exists()


@pytest.mark.parametrize(("text", "words"), [("  ", "Hãy viết"), ("a" * 2001, "2000")])
def test_what_cannot_be_kept_is_shown_again(office, dossier, post, text, words):
    shown = write(post, dossier, office.tc1, text).content.decode()
    assert words in shown and text.strip() in shown
    assert not Remark.objects.exists()


def test_remarks_cost_the_same_for_one_and_for_thirty(office, dossier, as_user, counted):
    client = as_user(office.kt1)
    write_remark(dossier.pk, by=office.tc1, text="@kt1", audience="staff")
    client.get(f"/dossiers/{dossier.pk}/")
    _page, few = counted(lambda: client.get(f"/dossiers/{dossier.pk}/"))
    for _number in range(29):
        write_remark(dossier.pk, by=office.tc1, text="@kt1 @kt2", audience="staff")
    _page, many = counted(lambda: client.get(f"/dossiers/{dossier.pk}/"))
    assert len(many) == len(few)
