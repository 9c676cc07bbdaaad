"""The page of the bell: only one's own, read marks, links that stay here."""

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from home.notifications.models import Delivery, Notification
from tests.factories.people import UserFactory

from .kinds import GREETING

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan():
    return UserFactory()


def tell(user, url="/x/", **values):
    return Notification.objects.create(
        recipient=user, kind=GREETING.code, params={"name": "Lan"}, url=url, **values
    )


def test_visitors_are_sent_to_the_login_page(client):
    for path in ("/notifications/", "/notifications/preferences/", "/notifications/1/"):
        assert client.get(path).url.startswith("/login/")
    assert client.post("/notifications/read/").url.startswith("/login/")


def test_the_list_holds_ones_own_unread_first(client, lan):
    now = timezone.now()
    tell(lan, read_at=now, created_at=now)
    tell(lan, created_at=now - timedelta(days=3))
    tell(UserFactory())
    client.force_login(lan)
    response = client.get("/notifications/")
    assert [group.unread for group in response.context["groups"]] == [True, False]
    assert response.context["page"].paginator.count == 2
    assert "[vi] Chào Lan" in response.content.decode()


def test_what_is_read_is_told_from_what_is_not(client, lan):
    tell(lan, read_at=timezone.now())
    client.force_login(lan)
    assert "Đã đọc" not in client.get("/notifications/").content.decode()
    tell(lan)
    content = client.get("/notifications/").content.decode()
    assert content.index("Chưa đọc") < content.index("Đã đọc")


def test_an_empty_list_says_so(client, lan):
    client.force_login(lan)
    assert 'class="empty"' in client.get("/notifications/").content.decode()


def test_the_list_is_paged_with_constant_queries(client, lan, django_assert_max_num_queries):
    client.force_login(lan)
    for _number in range(60):
        tell(lan, by=lan)
    with django_assert_max_num_queries(12):
        response = client.get("/notifications/?page=2")
    assert len(response.context["page"]) == 25
    assert client.get("/notifications/?page=nonsense").status_code == 200


def test_the_button_for_all_is_there_while_anything_is_unread(client, lan):
    client.force_login(lan)
    button = 'action="/notifications/read/"'
    for _number in range(30):
        tell(lan)
    for page in (1, 2):
        assert button in client.get(f"/notifications/?page={page}").content.decode()
    client.post("/notifications/read/")
    for page in (1, 2):
        assert button not in client.get(f"/notifications/?page={page}").content.decode()


def test_every_page_has_the_bell(client, lan):
    client.force_login(lan)
    tell(lan)
    assert 'aria-label="Thông báo cá nhân, 1 chưa đọc"' in client.get("/meetings/").content.decode()


def test_opening_marks_as_read_and_leads_on(client, lan):
    row = tell(lan, url="/meetings/5/")
    client.force_login(lan)
    assert client.get(f"/notifications/{row.pk}/").url == "/meetings/5/"
    row.refresh_from_db()
    assert row.read_at


@pytest.mark.parametrize("url", ["", "https://evil.example/", "//evil.example/"])
def test_a_stored_address_elsewhere_is_not_followed(client, lan, url):
    client.force_login(lan)
    assert client.get(f"/notifications/{tell(lan, url=url).pk}/").url == "/notifications/"


@pytest.mark.parametrize(
    ("method", "path"), [("get", "/notifications/{}/"), ("post", "/notifications/{}/read/")]
)
def test_anothers_notification_is_not_there(client, lan, method, path):
    row = tell(UserFactory())
    client.force_login(lan)
    assert getattr(client, method)(path.format(row.pk)).status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


def test_marking_one_and_all(client, lan):
    one, two, other = tell(lan), tell(lan), tell(UserFactory())
    client.force_login(lan)
    response = client.post(f"/notifications/{one.pk}/read/", {"next": "/notifications/?page=2"})
    assert response.url == "/notifications/?page=2"
    assert client.post(f"/notifications/{one.pk}/read/", {"next": "//evil.example"}).url == "/notifications/"
    client.post("/notifications/read/")
    for row in (one, two):
        row.refresh_from_db()
        assert row.read_at
    other.refresh_from_db()
    assert other.read_at is None


@pytest.mark.parametrize("path", ["/notifications/read/", "/notifications/1/read/"])
def test_marking_needs_a_post(client, lan, path):
    client.force_login(lan)
    assert client.get(path).status_code == 405


def draw_bell(user):
    request = RequestFactory().get("/")
    request.user = user
    return Template("{% load bell %}{% bell %}").render(Context({"request": request}))


def test_the_bell_counts_up_to_99(lan, django_assert_num_queries):
    tell(lan)
    with django_assert_num_queries(1):
        assert ">1</span>" in draw_bell(lan)
    Notification.objects.bulk_create(
        Notification(recipient=lan, kind=GREETING.code) for _number in range(120)
    )
    assert ">99+</span>" in draw_bell(lan)


def test_failed_messages_are_shown_to_administrators_who_may_send_them_again(client, lan):
    row = Delivery.objects.create(
        notification=tell(lan), channel="mail", state="failed", last_error="SMTP 550"
    )
    index = "/admin/snippets/notifications/delivery/"
    client.force_login(lan)
    assert client.get(index).status_code == 302
    assert client.post("/admin/deliveries/retry/").status_code == 302
    row.refresh_from_db()
    assert row.state == "failed"
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    page = client.get(index).content.decode()
    assert "SMTP 550" in page
    assert "/admin/deliveries/retry/" in page
    assert client.get(f"{index}add/").status_code in (302, 403, 404)
    client.post("/admin/deliveries/retry/")
    row.refresh_from_db()
    assert row.state == "pending"


def test_the_bell_drops_down_what_is_new_and_marks_it_read(client, lan):
    client.force_login(lan)
    other = tell(UserFactory(), url="/secret/")
    first, again = tell(lan, url="/a/"), tell(lan, url="/a/")
    for number in range(9):
        tell(lan, url=f"/old/{number}/", read_at=timezone.now())
    htmx = {"HTTP_HX_REQUEST": "true"}
    assert client.get("/notifications/latest/").url == "/notifications/"
    answer = client.get("/notifications/latest/", **htmx)
    things = answer.context["things"]
    assert [thing.newest for thing in things[:1]] == [again]
    assert things[0].older == [first]
    assert len(things) == 7
    assert "<html" not in answer.content.decode()
    assert client.post(f"/notifications/{other.pk}/read/", **htmx).status_code == 404
    answer = client.post(f"/notifications/{again.pk}/read/", **htmx)
    assert answer.context["has_unread"] is False
    assert not Notification.objects.filter(recipient=lan, read_at=None).exists()
    tell(lan)
    assert client.post("/notifications/read/", **htmx).context["has_unread"] is False
    client.logout()
    away = client.get("/notifications/latest/", **htmx)
    assert away["HX-Redirect"].startswith("/login/")
