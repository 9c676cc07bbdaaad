"""The session ends while somebody writes: nothing is lost, and nobody else sees it."""

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from home.forms.api import StoredFile, build_form, keep_on_expiry, posted
from home.forms.models import Stash
from tests.factories.forms import field, pdf, schema

QUESTIONS = schema(field("a", required=True), field("f", "file"))
SENT = []


@keep_on_expiry
def form_view(request):
    data, files = posted(request)
    form = build_form(QUESTIONS, user=request.user, data=data, files=files)
    if request.method == "POST" and form.is_valid():
        SENT.append(form.answers())
        return HttpResponse("sent")
    return HttpResponse(f"{form['a'].value() or ''}|{form['f']}|{form.owner_token}")


urlpatterns = [path("fill/", form_view), path("", include("settings.urls"))]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def guarded(settings):
    """The site requires a login everywhere: the decorator must work with that."""
    name = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    if name not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, name]
    SENT.clear()


def token(user):
    return build_form(QUESTIONS, user=user).owner_token


def test_what_was_posted_without_a_session_comes_back_to_the_same_person(client, lan):
    response = client.post("/fill/", {"a": "dài dòng", "f": pdf(), "_owner": token(lan)})
    assert response.status_code == 302
    assert response["Location"].endswith("?next=/fill/")
    assert SENT == []
    client.force_login(lan)
    shown = client.get("/fill/").content.decode()
    stored = StoredFile.objects.get()
    assert shown.startswith("dài dòng|") and str(stored.pk) in shown
    assert stored.uploaded_by == lan and stored.is_draft
    assert client.get("/fill/").content.decode().startswith("|")


def test_another_person_never_sees_it(client, lan, minh):
    client.post("/fill/", {"a": "bí mật", "_owner": token(lan)})
    client.force_login(minh)
    assert "bí mật" not in client.get("/fill/").content.decode()
    client.force_login(lan)
    assert "bí mật" in client.get("/fill/").content.decode()


def test_it_comes_back_on_its_own_address_only(client, lan):
    client.post("/fill/", {"a": "x", "_owner": token(lan)})
    assert list(Stash.objects.values_list("user", "path")) == [(lan.pk, "/fill/")]


@pytest.mark.parametrize("forged", ["", "x", "1:2:3", "MQ:1:2", "\0"])
def test_without_a_good_signature_nothing_is_kept(client, lan, forged):
    response = client.post("/fill/", {"a": "x", "f": pdf(), "_owner": forged})
    assert response.status_code == 302
    assert not Stash.objects.exists() and not StoredFile.objects.exists()


def test_a_signature_made_for_something_else_or_long_ago_is_no_good(client, lan, monkeypatch):
    client.post("/fill/", {"a": "x", "_owner": signing.dumps(lan.pk, salt="other")})
    monkeypatch.setattr("home.forms.expiry.MAX_AGE", -1)
    client.post("/fill/", {"a": "x", "_owner": token(lan)})
    assert not Stash.objects.exists()


def test_a_person_who_left_keeps_nothing(client, lan):
    signature = token(lan)
    lan.is_active = False
    lan.save()
    client.post("/fill/", {"a": "x", "_owner": signature})
    assert not Stash.objects.exists()


def test_a_refused_file_is_named_and_the_rest_is_kept(client, lan):
    client.post("/fill/", {"a": "x", "f": pdf("virus.exe"), "_owner": token(lan)})
    client.force_login(lan)
    response = client.get("/fill/")
    assert response.content.decode().startswith("x|")
    assert "virus.exe" in client.cookies.output() or any(
        "virus.exe" in str(m) for m in response.wsgi_request._messages
    )


def test_hostile_content_is_kept_without_an_error(client, lan):
    response = client.post("/fill/", {"a": "\0\u202e" + "x" * 50_000, "\0": "y", "_owner": token(lan)})
    assert response.status_code == 302
    client.force_login(lan)
    assert client.get("/fill/").status_code == 200


def test_a_token_rotated_by_a_login_elsewhere_loses_nothing(lan):
    client = Client(enforce_csrf_checks=True)
    client.force_login(lan)
    response = client.post("/fill/", {"a": "giữ lại", "csrfmiddlewaretoken": "old", "_owner": token(lan)})
    assert response.status_code == 302
    assert response["Location"] == "/fill/"
    assert SENT == []
    assert client.get("/fill/").content.decode().startswith("giữ lại|")


def test_without_session_and_csrf_cookie_it_is_kept_too(lan):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/fill/", {"a": "giữ lại", "_owner": token(lan)})
    assert "next=/fill/" in response["Location"]
    client.force_login(lan)
    assert client.get("/fill/").content.decode().startswith("giữ lại|")


def test_somebody_else_logged_in_meanwhile_gets_a_plain_refusal(lan, minh):
    client = Client(enforce_csrf_checks=True)
    client.force_login(minh)
    response = client.post("/fill/", {"a": "của Lan", "_owner": token(lan)})
    assert response.status_code == 403
    assert "của Lan" not in response.content.decode()
    assert "của Lan" not in client.get("/fill/").content.decode()
    client.force_login(lan)
    assert "của Lan" in client.get("/fill/").content.decode()


def test_a_foreign_post_without_signature_is_refused_and_leaves_nothing(lan):
    client = Client(enforce_csrf_checks=True)
    client.force_login(lan)
    response = client.post("/fill/", {"a": "x"})
    assert response.status_code == 403
    assert not Stash.objects.exists() and SENT == []


def test_a_kept_form_can_be_sent(client, lan):
    client.post("/fill/", {"a": "x", "f": pdf(), "_owner": token(lan)})
    client.force_login(lan)
    client.get("/fill/")
    client.post("/fill/", {"a": "x", "f-kept": [str(StoredFile.objects.get().pk)]})
    assert SENT[0]["a"] == "x" and len(SENT[0]["f"]) == 1


def test_an_anonymous_visitor_is_sent_to_the_login(client):
    assert client.get("/fill/")["Location"].endswith("?next=/fill/")
