"""What becomes of what was said of a page once the page is closed to a reader, withdrawn, renamed or moved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from home.notifications.api import deliver_due, send
from home.notifications.digest import compose
from home.notifications.models import Delivery, Notification, Preference
from home.notifications.planning import plan
from home.pages.models import NoticePage, StandardPage
from home.pages.reading import remind
from tests.factories.pages import make_home, make_notice, make_page
from tests.factories.people import DepartmentFactory, UserFactory, browser, make_member

pytestmark = pytest.mark.django_db
TITLE = "Danh sách tinh giản biên chế"


@pytest.fixture
def office():
    """Return a reader of the department, one of another, and a notice that was meant for the first one only."""
    make_home()
    finance = DepartmentFactory(name="Phòng Tài chính")
    mine, other = make_member(finance, email="mine@x.vn"), UserFactory(email="other@x.vn")
    notice = make_notice(title=TITLE, must_read=True)
    notice.save_revision().publish()
    return finance, mine, other, notice


def narrow(notice, finance):
    page = NoticePage.objects.get(pk=notice.pk)
    page.audience = NoticePage.Audience.LIMITED
    page.audience_departments.set([finance])
    page.save_revision().publish()


def test_a_mail_that_still_waits_does_not_leave_for_those_outside(office):
    finance, _mine, other, notice = office
    plan()
    narrow(notice, finance)
    deliver_due()
    assert {to for message in mail.outbox for to in message.to} == {"mine@x.vn"}
    of_other = Delivery.objects.get(notification__recipient=other, channel="mail")
    assert of_other.state == Delivery.State.SKIPPED


def test_the_bell_no_longer_names_it(office):
    finance, mine, other, notice = office
    client = browser(other)
    address = "/notifications/"
    assert TITLE in client.get(address).content.decode()
    narrow(notice, finance)
    for path, headers in ((address, {}), ("/notifications/latest/", {"hx-request": "true"})):
        text = client.get(path, headers=headers).content.decode()
        assert TITLE not in text
        assert "không còn mở cho bạn" in text
        assert TITLE in browser(mine).get(path, headers=headers).content.decode()
    NoticePage.objects.get(pk=notice.pk).unpublish()
    assert TITLE not in browser(mine).get(address).content.decode()


def test_the_digest_leaves_it_out(office):
    finance, mine, other, notice = office
    Notification.objects.all().delete()
    for person in (mine, other):
        Preference.objects.create(user=person, kind="pages.reminder", channel="mail", enabled=False)
        Preference.objects.create(user=person, kind="pages.reminder", channel="digest", enabled=True)
    remind(notice, by=mine)
    plan()
    narrow(notice, finance)
    mail.outbox.clear()
    now = timezone.now()
    params = {"since": now - timedelta(days=1), "until": now - timedelta(hours=23)}
    send("notifications.digest", to=[mine, other], params=params, url="", key="digest:1")
    said = {row.recipient: compose(row) for row in Notification.objects.filter(kind="notifications.digest")}
    assert said[other] is None
    assert TITLE in said[mine].context["parts"][0].items[0].title


def test_an_old_address_leads_to_where_the_page_is_for_those_who_may_see_it(
    office, django_capture_on_commit_callbacks
):
    finance, mine, other, _notice = office
    page = make_page(title="Nội quy", slug="noi-quy")
    section = make_page(title="Văn bản", slug="van-ban")
    old = page.url
    page.slug = "quy-che-lam-viec"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    answer = browser(other).get(old)
    assert (answer.status_code, answer.url) == (302, "/quy-che-lam-viec/")
    StandardPage.objects.get(pk=page.pk).move(StandardPage.objects.get(pk=section.pk), pos="last-child")
    for address in (old, "/quy-che-lam-viec/", f"{old}?x=1"):
        assert browser(mine).get(address).url == "/van-ban/quy-che-lam-viec/"
    assert browser(mine).post(old).status_code == 404
    page = StandardPage.objects.get(pk=page.pk)
    page.audience = StandardPage.Audience.LIMITED
    page.audience_departments.set([finance])
    page.save_revision().publish()
    assert browser(other).get(old).status_code == 404
    assert browser(mine).get(old).url == "/van-ban/quy-che-lam-viec/"
    StandardPage.objects.get(pk=page.pk).unpublish()
    assert browser(mine).get(old).status_code == 404


def test_a_link_to_a_page_that_is_closed_to_its_reader_does_not_say_what_it_is_called(office):
    finance, mine, other, _notice = office
    target = make_page(title="Sáp nhập phòng")
    link = {"label": "Xem thêm", "page": target, "url": ""}
    body = [
        (
            "text",
            f'<p><a linktype="page" id="{target.pk}">trang này</a>, <a linktype="page" id="999">kia</a></p>',
        ),
        ("quick_links", {"title": "", "links": [link, {"label": "Ngoài", "page": None, "url": "/x/"}]}),
    ]
    page = make_page(title="Mục lục", body=body)
    assert browser(other).get(page.url).content.decode().count('href="/sap-nhap-phong/"') == 2
    target = StandardPage.objects.get(pk=target.pk)
    target.audience = StandardPage.Audience.LIMITED
    target.audience_departments.set([finance])
    target.save_revision().publish()
    text = browser(other).get(page.url).content.decode()
    assert ("sap-nhap" in text, "Xem thêm" in text, "Ngoài" in text) == (False, False, True)
    assert browser(other).get(f"/go/{target.pk}/").status_code == 404
    text = browser(mine).get(page.url).content.decode()
    assert f'href="/go/{target.pk}/"' in text
    assert "Xem thêm" in text
    assert browser(mine).get(f"/go/{target.pk}/").url == "/sap-nhap-phong/"
