"""Publication and expiry by the clock: on time, archived rather than vanished, and a warning when the clock stands."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from home.base.models import BasePage
from home.notifications.models import Notification
from home.pages.api import NoticePage
from plugins.api.api import jobs
from plugins.api.beat import Beat
from tests.factories.pages import make_home, make_news, make_notice, make_page
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db
SILENT = "alert-danger scheduler-alert"


@pytest.fixture
def finance():
    make_home()
    return DepartmentFactory(name="Phòng Tài chính")


@pytest.fixture
def reader(finance):
    client = Client()
    client.force_login(make_member(finance))
    return client


def run_clock():
    jobs.get("pages.publish_scheduled").run()


def test_a_notice_appears_at_its_time_and_asks_its_readers(reader, finance):
    notice = make_notice(title="Hẹn giờ", live=False, must_read=True, audience_departments=[finance])
    notice.go_live_at = timezone.now() + timedelta(hours=1)
    notice.save_revision().publish()
    run_clock()
    assert reader.get(notice.url).status_code == 404
    from wagtail.models import Revision

    past = timezone.now() - timedelta(seconds=1)
    revision = Revision.objects.exclude(approved_go_live_at=None).get()
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    run_clock()
    assert reader.get(notice.url).status_code == 200
    assert Notification.objects.filter(kind="pages.must_read").count() == 1


def expire(page):
    BasePage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(seconds=1))
    run_clock()
    page.refresh_from_db()


def test_what_expires_is_archived_for_those_who_saw_it(reader, finance):
    notice = make_notice(title="Hết hạn", audience_departments=[finance], must_read=True)
    news = make_news(title="Tin cũ")
    expire(notice)
    expire(news)
    assert not notice.live
    page = reader.get(notice.url)
    assert page.status_code == 200
    assert page.context["page"].is_archived
    assert page.context["asked"] is None
    admin = Client()
    admin.force_login(UserFactory(is_superuser=True))
    report = admin.get(f"/reading/{notice.pk}/")  # who confirmed in time stays on record
    assert report.context["total"].asked == 1
    admin.post(f"/reading/{notice.pk}/remind/")
    assert not Notification.objects.filter(kind="pages.reminder").exists()
    assert "Hết hạn" not in reader.get("/thong-bao/").content.decode().split("<main")[1]
    assert "Hết hạn" in reader.get("/thong-bao/?archive=1").content.decode()
    assert "Tin cũ" in reader.get("/tin-tuc/?archive=1").content.decode()
    for address in ("/", "/search/?q=het+han", "/reading/"):
        assert "Hết hạn" not in reader.get(address).content.decode().split("<main")[1], address
    stranger = Client()
    stranger.force_login(make_member(DepartmentFactory()))
    assert stranger.get(notice.url).status_code == 404
    assert "Hết hạn" not in stranger.get("/thong-bao/?archive=1").content.decode()
    assert stranger.post(f"/reading/{notice.pk}/confirm/", {"round": 1}).status_code == 404
    assert not NoticePage.objects.live().filter(pk=notice.pk).exists()


def test_what_is_withdrawn_by_hand_or_no_article_is_gone(reader, finance):
    notice, page = make_notice(title="Rút lại"), make_page(title="Trang hết hạn")
    notice.unpublish()
    expire(page)
    assert reader.get(notice.url).status_code == 404
    assert reader.get(page.url).status_code == 404
    assert "Rút lại" not in reader.get("/thong-bao/?archive=1").content.decode()


def test_administrators_are_warned_when_the_clock_stands(reader, finance, monkeypatch):
    admin = Client()
    admin.force_login(UserFactory(is_superuser=True))
    monkeypatch.setattr("home.base.scheduler.watching_since", monotonic())  # the server has just been started
    assert SILENT not in admin.get("/").content.decode()
    monkeypatch.setattr("home.base.scheduler.watching_since", float("-inf"))
    assert SILENT in admin.get("/").content.decode()
    assert "scheduler-silent" in admin.get("/admin/").content.decode()
    assert SILENT not in reader.get("/").content.decode()
    Beat().tick(timezone.now() - timedelta(minutes=4))
    cache.clear()
    assert SILENT not in admin.get("/").content.decode()
    Beat().tick(timezone.now() - timedelta(minutes=6))
    cache.clear()
    assert SILENT in admin.get("/").content.decode()
