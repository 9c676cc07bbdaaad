"""Changing the password, and resetting a forgotten one by mail."""

import re

import pytest
from django.core import mail
from django.utils.translation import get_language

from home.people.api import User
from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

NEW = "Hoa-sen-no-2026"
FORGOTTEN = "/password-reset/"


@pytest.fixture
def user():
    return UserFactory(
        username="lan.anh", email="lan.anh@office.example", last_name="Lê", first_name="Lan Anh"
    )


def link_in(message):
    return re.search(r"http://127\.0\.0\.1:8000(/password-reset/\S+)", message.body).group(1)


def test_a_link_by_mail_sets_a_new_password_once(client, user):
    assert client.post(FORGOTTEN, {"email": "LAN.ANH@office.example"}).url == "/password-reset/sent/"
    assert client.get("/password-reset/sent/").status_code == 200
    (message,) = mail.outbox
    assert message.to == ["lan.anh@office.example"]
    assert "Lê Lan Anh" in message.body and "lan.anh" in message.body
    link = link_in(message)
    form = client.get(link, follow=True)
    assert form.status_code == 200 and form.context["validlink"]
    token_free = form.redirect_chain[-1][0]
    done = client.post(token_free, {"new_password1": NEW, "new_password2": NEW}, follow=True)
    assert done.status_code == 200
    user.refresh_from_db()
    assert user.check_password(NEW)
    again = client.get(link, follow=True)
    assert not again.context["validlink"]


def test_the_mail_is_written_in_the_persons_language(client, user, monkeypatch):
    spoken = []
    monkeypatch.setattr("home.people.tasks.send_mail", lambda *args: spoken.append(get_language()))
    client.cookies["django_language"] = "en"
    client.post(FORGOTTEN, {"email": user.email})
    User.objects.filter(pk=user.pk).update(language="en")
    client.cookies["django_language"] = "vi"
    client.post(FORGOTTEN, {"email": user.email})
    assert spoken == ["vi", "en"]


def test_the_mail_leads_to_the_configured_site_whatever_host_was_claimed(client, user):
    client.post(FORGOTTEN, {"email": user.email}, headers={"host": "evil.example"})
    assert "evil.example" not in mail.outbox[0].body


def test_known_and_unknown_addresses_get_the_same_answer(client, user):
    known = client.post(FORGOTTEN, {"email": user.email}, follow=True)
    unknown = client.post(FORGOTTEN, {"email": "nobody@office.example"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    strip = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
    assert strip.sub("", known.content.decode()) == strip.sub("", unknown.content.decode())
    assert len(mail.outbox) == 1


def test_a_deactivated_person_gets_no_mail(client):
    closed = UserFactory(is_active=False)
    client.post(FORGOTTEN, {"email": closed.email})
    assert mail.outbox == []


def test_an_imported_person_without_password_gets_one_by_mail(client, user):
    user.set_unusable_password()
    user.save()
    client.post(FORGOTTEN, {"email": user.email})
    form = client.get(link_in(mail.outbox[0]), follow=True)
    assert form.context["validlink"]


@pytest.mark.parametrize("address", ["", "no address", "a\x00@b.example", "x" * 3000 + "@b.example"])
def test_what_is_no_address_is_refused(client, address):
    assert client.post(FORGOTTEN, {"email": address}).status_code == 200
    assert mail.outbox == []


@pytest.mark.parametrize(
    "link",
    [
        "/password-reset/xx/yy/",
        "/password-reset/OTk5OTk5/set-password/",
    ],
)
def test_an_invented_link_is_refused_politely(client, link):
    answer = client.get(link, follow=True)
    assert answer.status_code == 200
    assert not answer.context["validlink"]


def test_the_own_password_is_changed_and_other_devices_are_logged_out(client, user, django_user_model):
    from django.test import Client

    other = Client()
    other.force_login(user)
    client.force_login(user)
    before = client.session.session_key
    data = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/me/password/", data).url == "/me/"
    assert client.get("/me/").status_code == 200
    assert client.session.session_key != before
    assert other.get("/me/").status_code == 302


@pytest.mark.parametrize(
    ("old", "one", "two"),
    [
        ("wrong", NEW, NEW),
        (PASSWORD, NEW, "other"),
        (PASSWORD, "12345678", "12345678"),
        (PASSWORD, "lan.anh", "lan.anh"),
    ],
)
def test_a_bad_change_keeps_the_password(client, user, old, one, two):
    client.force_login(user)
    answer = client.post("/me/password/", {"old_password": old, "new_password1": one, "new_password2": two})
    assert answer.status_code == 200 and answer.context["form"].errors
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_nobody_changes_a_password_without_a_login(client, user):
    data = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/me/password/", data).url.startswith("/login/")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
