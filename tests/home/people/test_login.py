"""Login, logout, sessions and the language that is chosen before the login."""

import pytest
from django.test import Client
from django.urls import reverse

from home.people.api import User
from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

LOGIN = "/login/"


@pytest.fixture
def user():
    return UserFactory(username="lan.anh", email="Lan.Anh@office.example")


def log_in(client, name="lan.anh", password=PASSWORD, **data):
    return client.post(LOGIN, {"username": name, "password": password, **data})


def logged_in(client):
    return "_auth_user_id" in client.session


def test_the_login_page_is_complete(client, user):
    page = client.get(LOGIN)
    assert page.status_code == 200
    html = page.content.decode()
    assert 'name="username"' in html
    assert reverse("password_reset") in html
    assert reverse("set_language") in html


@pytest.mark.parametrize(
    "name", ["lan.anh", "LAN.ANH", " Lan.Anh ", "lan.anh@office.example", "LAN.ANH@OFFICE.EXAMPLE"]
)
def test_user_name_and_address_work_in_any_case(client, user, name):
    assert log_in(client, name).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_an_address_that_two_people_share_names_nobody(client, user):
    UserFactory(username="binh", email=user.email)
    log_in(client, user.email)
    assert not logged_in(client)
    log_in(client, "binh")
    assert logged_in(client)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("lan.anh", "wrong"),
        ("nobody", PASSWORD),
        ("", ""),
        ("lan.anh\x00", PASSWORD),
        ("x" * 5000, "y" * 5000),
    ],
)
def test_what_does_not_fit_is_refused_and_keeps_the_name(client, user, name, password):
    answer = log_in(client, name, password)
    assert answer.status_code == 200
    assert not logged_in(client)
    assert password == "" or password not in answer.content.decode()


def test_unknown_names_wrong_passwords_and_closed_accounts_read_the_same(client, user):
    closed = UserFactory(is_active=False)
    texts = {
        log_in(client, name, password).context["form"].non_field_errors().as_text()
        for name, password in [("nobody", "x"), ("lan.anh", "x"), (closed.username, PASSWORD)]
    }
    assert len(texts) == 1


def test_a_deactivated_person_loses_the_session_at_once(client, user):
    log_in(client)
    assert client.get("/me/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/me/").url == "/login/?next=/me/"
    assert not logged_in(Client()) and log_in(Client()).status_code == 200


def test_the_session_key_changes_at_login(client, user):
    client.post(reverse("set_language"), {"language": "en"})
    before = client.session.session_key
    log_in(client)
    assert before and client.session.session_key != before


@pytest.mark.parametrize("asked", ["/people/", "/people/?q=duc&page=2"])
def test_login_leads_on_to_the_page_that_was_asked_for(client, user, asked):
    to_login = client.get(asked)
    assert to_login.status_code == 302
    page = client.get(to_login.url)
    answer = log_in(client, next=page.context["next"])
    assert answer.url == asked


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
        "http:///evil.example",
    ],
)
def test_login_never_leads_to_another_site(client, user, evil):
    page = client.get(LOGIN, {"next": evil})
    assert f'value="{evil}"' not in page.content.decode()
    assert log_in(client, next=evil).url == "/"


def test_logout_needs_a_post_and_ends_the_session(client, user):
    client.force_login(user)
    assert client.get("/logout/").status_code == 405
    assert logged_in(client)
    assert client.post("/logout/").url == LOGIN
    assert not logged_in(client)


@pytest.mark.parametrize(
    "address", ["/", "/people/", "/me/", "/me/password/", "/admin/", "/documents/1/x.pdf", "/abc/"]
)
def test_everything_needs_a_login(client, address):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.url.startswith("/login/?next=/") or answer.url.startswith("/admin/login/")


def test_a_page_behind_the_login_says_nothing_about_what_exists(client):
    assert client.get("/departments/VP/").url == "/login/?next=/departments/VP/"


def test_wagtails_own_login_leads_to_ours(client):
    assert client.get("/admin/login/?next=/admin/pages/").url == "/login/?next=/admin/pages/"
    assert client.get("/admin/").url == "/login/?next=/admin/"
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).url == LOGIN


def test_who_may_not_enter_the_admin_sees_why_and_does_not_run_in_circles(client, user):
    client.force_login(user)
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 200
    assert len(answer.redirect_chain) == 1
    assert str(user) in answer.content.decode()


def test_a_form_sent_after_the_session_ended_comes_back_to_its_page(client, user):
    answer = client.post("/me/", {"phone": "1"}, headers={"referer": "http://testserver/me/?tab=2"})
    assert answer.url == "/login/?next=/me/%3Ftab%3D2"
    elsewhere = client.post("/me/", {"phone": "1"}, headers={"referer": "https://evil.example/x"})
    assert elsewhere.url == "/login/?next=/"
    user.refresh_from_db()
    assert user.phone == ""


def test_an_htmx_request_without_session_leads_the_whole_page_to_the_login(client):
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/people/?q=a"}
    answer = client.get("/people/", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/login/?next=/people/%3Fq%3Da"


def test_the_language_chosen_on_the_login_page_shows_there(client):
    answer = client.post(reverse("set_language"), {"language": "en", "next": LOGIN})
    assert answer.url == LOGIN
    assert client.get(LOGIN).headers["Content-Language"] == "en"
    client.post(reverse("set_language"), {"language": "vi", "next": LOGIN})
    assert client.get(LOGIN).headers["Content-Language"] == "vi"


def test_the_language_chosen_before_the_login_becomes_the_persons_own(client, user):
    client.post(reverse("set_language"), {"language": "en", "next": LOGIN})
    log_in(client)
    user.refresh_from_db()
    assert user.language == "en"
    assert client.get("/me/").headers["Content-Language"] == "en"


def test_the_cookie_of_another_person_does_not_change_my_language(client, user):
    client.cookies["django_language"] = "en"
    log_in(client)
    assert client.get("/me/").headers["Content-Language"] == "vi"


def test_the_language_switch_is_remembered_for_who_is_logged_in(client, user):
    client.force_login(user)
    client.post(reverse("set_language"), {"language": "en", "next": "/me/"})
    user.refresh_from_db()
    assert user.language == "en"


@pytest.mark.parametrize("language", ["de", "", "vi; DROP", "x" * 1000])
def test_an_unknown_language_changes_nothing(client, user, language):
    client.force_login(user)
    client.post(reverse("set_language"), {"language": language})
    user.refresh_from_db()
    assert user.language == "vi"


def test_the_language_switch_needs_a_post_and_stays_on_this_site(client):
    assert client.get(reverse("set_language")).status_code == 405
    answer = client.post(reverse("set_language"), {"language": "en", "next": "https://evil.example/"})
    assert answer.url == "/"


def test_guessing_is_stopped_whatever_the_spelling_of_the_name(client, user, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3
    for name in ("lan.anh", "LAN.ANH", "Lan.Anh ", "lAN.ANH"):
        log_in(client, name, "wrong")
    log_in(client, "lan.anh", PASSWORD)
    assert not logged_in(client)
