"""Notices that must be read: asked, confirmed, counted, reminded, asked again."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from home.audit.api import entries_for
from home.notifications.models import Notification
from home.pages.api import MODERATORS, NoticePage, ensure_moderation
from home.pages.models import NoticeReceipt
from home.pages.reading import (
    NotAskedError,
    ask,
    ask_newcomers,
    confirm,
    people_waited_for,
    remind_before_deadlines,
)
from home.pages.reading_report import Cell, Scope, heat, total
from tests.counting import cost_of, listed, writes
from tests.factories.pages import make_home, make_notice, make_notice_index
from tests.factories.people import DepartmentFactory, MembershipFactory, UserFactory, browser, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance():
    return DepartmentFactory(name="Phòng Tài chính")


@pytest.fixture
def culture():
    return DepartmentFactory(name="Phòng Văn hóa")


@pytest.fixture
def notice(finance):
    make_home()
    make_notice_index()
    return make_notice(title="Quy chế mới", must_read=True, audience_departments=[finance])


def press(client, notice, reading_round=1):
    return client.post(reverse("reading_confirm", args=[notice.pk]), {"round": reading_round})


def publish(notice, **changes):
    page = NoticePage.objects.get(pk=notice.pk).get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()
    notice.refresh_from_db()


def test_a_reader_is_asked_confirms_once_and_is_asked_no_more(notice, finance):
    reader = make_member(finance)
    client = browser(reader)
    assert "Quy chế mới" in client.get(reverse("reading_list")).content.decode()
    panels = re.findall(r'id="panel-(\w+)"', client.get("/").content.decode())
    assert panels[0] == "reading"
    assert reverse("reading_confirm", args=[notice.pk]) in client.get(notice.url).content.decode()
    for _again in range(2):
        assert press(client, notice).url == notice.url
    assert NoticeReceipt.objects.count() == 1
    assert [entry.verb for entry in entries_for(f"page:{notice.pk}")] == ["notice.confirmed"]
    page = client.get(notice.url)
    assert page.context["asked"].at is not None
    assert "<form" not in page.content.decode().split('class="ask')[1].split("</section>")[0]
    assert 'id="panel-reading"' not in client.get("/").content.decode()
    assert "Quy chế mới" not in client.get(reverse("reading_list")).content.decode()
    assert "Quy chế mới" in client.get(reverse("reading_list") + "?done=1").content.decode()


def test_whoever_is_not_asked_neither_confirms_nor_learns_of_it(notice, culture):
    outsider, admin = make_member(culture), UserFactory(is_superuser=True)
    client = browser(outsider)
    for name in ("reading_confirm", "reading_report", "reading_sheet"):
        assert client.get(reverse(name, args=[notice.pk])).status_code == 404, name
    for name in ("reading_confirm", "reading_remind"):
        assert client.post(reverse(name, args=[notice.pk]), {"round": 1}).status_code == 404, name
    assert "Quy chế mới" not in client.get(reverse("reading_list")).content.decode()
    # Administrators see the notice, but it does not ask them.
    assert browser(admin).get(notice.url).context["asked"] is None
    assert press(browser(admin), notice).status_code == 404
    for person in (outsider, admin):
        with pytest.raises(NotAskedError):
            confirm(notice.pk, by=person, reading_round=1)
    assert not NoticeReceipt.objects.exists()


def test_a_material_edit_asks_again_and_a_correction_does_not(notice, finance):
    reader = make_member(finance)
    confirm(notice.pk, by=reader, reading_round=1)
    publish(notice, title="Quy chế mới (sửa lỗi chính tả)")
    assert not people_waited_for(notice).exists()
    draft = NoticePage.objects.get(pk=notice.pk)
    draft.reading_round = 2
    draft.save_revision()
    assert not people_waited_for(notice).exists()  # it waits for publication
    publish(notice)
    assert list(people_waited_for(notice)) == [reader]
    assert press(browser(reader), notice, 1).status_code == 302  # an old window: nothing is noted
    assert list(people_waited_for(notice)) == [reader]
    press(browser(reader), notice, 2)
    assert not people_waited_for(notice).exists()
    assert list(NoticeReceipt.objects.order_by("round").values_list("round", flat=True)) == [1, 2]
    # An old text that is brought back begins no earlier round.
    notice.revisions.order_by("created_at").first().publish()
    notice.refresh_from_db()
    assert notice.reading_round == 2


def form_data(**fields):
    from tests.home.pages.test_moderation import form

    return form(urgency="normal", number="", **fields)


def test_the_editor_chooses_whether_to_ask_again(notice, finance):
    ensure_moderation()
    head = make_member(finance)
    head.groups.add(Group.objects.get(name=MODERATORS))
    client = browser(head)
    confirm(notice.pk, by=head, reading_round=1)
    address = reverse("wagtailadmin_pages:edit", args=[notice.pk])
    shown = client.get(address)
    assert 'name="ask_again"' in shown.content.decode()
    data = {
        "title": "Quy chế mới",
        "slug": notice.slug,
        "audience": "departments",
        "audience_departments": finance.pk,
        "audience_readers": "",
        "must_read": "on",
        "action-publish": "1",
    }
    for extra, expected in (({}, 1), ({"ask_again": "on"}, 2), ({}, 2)):
        answer = client.post(address, form_data(**data, **extra))
        assert answer.status_code == 302, answer.context["form"].errors
        notice.refresh_from_db()
        assert notice.reading_round == expected
    assert not client.get(address).context["form"].initial["ask_again"]
    refused = client.post(address, form_data(**{**data, "must_read": "", "read_until": "2026-12-01"}))
    assert "read_until" in refused.context["form"].errors


def test_publishing_tells_those_asked_once_a_round_and_nobody_else(notice, finance, culture):
    reader, other = make_member(finance), make_member(culture)
    publish(notice)
    publish(notice)
    told = Notification.objects.filter(kind="pages.must_read")
    assert [row.recipient for row in told] == [reader]
    assert other not in [row.recipient for row in told]
    confirm(notice.pk, by=reader, reading_round=1)
    publish(notice, reading_round=2)
    assert told.all().count() == 2
    assert ask(notice) == 0


def test_only_those_who_have_not_confirmed_are_reminded_once_a_day(notice, finance):
    done, waiting = make_member(finance), make_member(finance)
    confirm(notice.pk, by=done, reading_round=1)
    admin = browser(UserFactory(is_superuser=True))
    address = reverse("reading_remind", args=[notice.pk])
    assert admin.get(address).status_code == 405
    for _press in range(2):
        assert admin.post(address).status_code == 302
    reminders = Notification.objects.filter(kind="pages.reminder")
    assert [row.recipient for row in reminders] == [waiting]
    assert "Quy chế mới" in reminders[0].words.subject
    head = make_member(finance, role="head")
    assert browser(head).post(address).status_code == 404
    assert browser(done).post(address).status_code == 404


def test_the_clock_reminds_before_the_deadline(notice, finance):
    waiting = make_member(finance)
    today = timezone.localdate()
    for days, told in ((5, 0), (-1, 0), (1, 1), (0, 0)):
        NoticePage.objects.filter(pk=notice.pk).update(read_until=today + timedelta(days=days))
        assert remind_before_deadlines() == told, days
    assert Notification.objects.get(kind="pages.reminder").recipient == waiting


def test_whoever_joins_the_audience_is_told_the_next_morning_once(notice, finance, culture):
    publish(notice)
    gone, told = make_member(finance), Notification.objects.filter(kind="pages.must_read")
    assert not told.filter(recipient=gone).exists()
    newcomer = make_member(culture)
    MembershipFactory(user=newcomer, department=finance, is_primary=False)
    gone.is_active = False
    gone.save()
    make_notice(title="Đã cũ", must_read=True, published_on=date(2020, 1, 1))
    make_notice(title="Quá hạn", must_read=True, read_until=timezone.localdate() - timedelta(days=1))
    assert (ask_newcomers(), ask_newcomers()) == (1, 0)
    assert [row.recipient for row in told] == [newcomer]


def test_the_report_counts_departments_and_a_head_sees_the_own_people_only(notice, finance, culture):
    part = DepartmentFactory(name="Tổ Kế toán", parent=finance)
    head = make_member(part, role="head")
    clerk, boss = make_member(part), make_member(finance)
    confirm(notice.pk, by=clerk, reading_round=1)
    rows = heat([notice], Scope(everybody=True))
    counted = {row.department.name: row.cells[0] for row in rows}
    assert counted == {"Phòng Tài chính": Cell(1, 0), "Tổ Kế toán": Cell(2, 1)}
    assert (total(rows).waiting, total(rows).share) == (2, 33)
    address = reverse("reading_report", args=[notice.pk])
    seen = browser(head).get(address).content.decode()
    assert str(clerk) in seen
    assert str(boss) not in seen
    assert str(boss) in browser(UserFactory(is_superuser=True)).get(address).content.decode()
    assert browser(clerk).get(address).status_code == 404
    waiting = browser(head).get(address + "?state=waiting").context["page_of"]
    assert [person.pk for person in waiting] == [head.pk]
    foreign = browser(head).get(f"{address}?department={finance.pk}").context["page_of"]
    assert list(foreign) == []
    overview = browser(head).get(reverse("reading_overview"))
    assert "Quy chế mới" in overview.content.decode()
    assert [row.department for row in overview.context["rows"]] == [part]
    assert browser(clerk).get(reverse("reading_overview")).status_code == 404
    stranger = browser(make_member(culture, role="head"))
    assert "Quy chế mới" not in stranger.get(reverse("reading_overview")).content.decode()


def test_the_workbook_lists_everybody_asked(notice, finance):
    person = make_member(finance, last_name="=CMD()", first_name="An")
    confirm(notice.pk, by=person, reading_round=1)
    late = make_member(finance)
    NoticePage.objects.filter(pk=notice.pk).update(read_until=date(2020, 1, 1))
    client = browser(UserFactory(is_superuser=True))
    answer = client.get(reverse("reading_sheet", args=[notice.pk]))
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)
    assert len(rows) == 3
    by_login = {row[2]: row for row in rows[1:]}
    assert by_login[person.username][1].startswith("'=CMD()")
    assert by_login[person.username][4] is not None
    assert by_login[late.username][3] == "Quá hạn"
    only = client.get(reverse("reading_sheet", args=[notice.pk]) + "?state=done")
    assert len(list(load_workbook(BytesIO(b"".join(only.streaming_content))).active.values)) == 2


def test_people_with_two_places_count_once_and_those_without_any_are_not_lost(finance, culture):
    make_home()
    notice = make_notice(title="Cho mọi người", must_read=True)
    both = make_member(finance)
    MembershipFactory(user=both, department=culture, is_primary=False)
    UserFactory()
    rows = heat([notice], Scope(everybody=True))
    assert [(row.department, row.cells[0].asked) for row in rows] == [(finance, 1), (None, 1)]


def test_the_cost_does_not_grow_with_people_or_notices(notice, finance):
    admin, reader = UserFactory(is_superuser=True), make_member(finance)
    addresses = [reverse("reading_report", args=[notice.pk]), reverse("reading_overview")]
    mine = [reverse("reading_list"), "/", notice.url]

    def costs():
        found = {}
        for client, paths in ((browser(admin), addresses), (browser(reader), mine)):
            for path in paths:
                client.get(path)
                _response, queries = cost_of(client, path)
                assert not writes(queries)
                assert len(queries) <= 15, listed(queries)
                found[path] = len(queries)
        return found

    few = costs()
    for _number in range(12):
        make_member(finance)
    for number in range(5):
        make_notice(title=f"Thêm {number}", must_read=True, audience_departments=[DepartmentFactory()])
        make_notice(title=f"Thêm nữa {number}", must_read=True, audience_departments=[finance])
    assert costs() == few
