"""Headers, logging in and proxies: what protects the office in every environment."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from settings.policy import ADMIN_PATH
from settings.proxy import client_ip


@pytest.fixture
def officer(db):
    return get_user_model().objects.create_user("lan", password="right-word-1")


def directives(answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def test_own_pages_allow_nothing_inline_and_nothing_foreign(client, db):
    found = directives(client.get("/login/"))
    assert found["default-src"] == "'self'"
    assert found["frame-ancestors"] == "'none'"
    assert "unsafe" not in " ".join(found.values())
    assert "http" not in " ".join(found.values())


def test_admin_may_write_inline_but_fetches_nothing_from_elsewhere(client, db):
    found = directives(client.get(f"/{ADMIN_PATH}"))
    assert found["script-src"] == "'self' 'unsafe-inline'"
    assert found["default-src"] == "'self'"
    assert "http" not in " ".join(found.values())


def test_pages_are_not_framed_by_others(client, db):
    assert client.get("/login/")["X-Frame-Options"] == "DENY"


def test_repeated_wrong_passwords_lock_this_name_from_this_place_only(client, officer, settings):
    settings.AXES_ENABLED = True

    def log_in(password: str, address: str):
        return client.post("/login/", {"username": "lan", "password": password}, REMOTE_ADDR=address)

    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert log_in("wrong", "10.0.0.1").status_code == 200
    locked = log_in("wrong", "10.0.0.1")
    assert locked.status_code == 429
    assert "Đăng nhập sai quá nhiều lần" in locked.content.decode()
    assert log_in("right-word-1", "10.0.0.1").status_code == 429
    assert log_in("right-word-1", "10.0.0.2").status_code == 302


@pytest.mark.parametrize(
    ("count", "forwarded", "expected"),
    [
        (0, "1.1.1.1", "10.0.0.9"),  # nobody stands in front: the header is the caller's own words
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.8", "1.1.1.1"),
        (2, "1.1.1.1", "10.0.0.9"),
        (1, "", "10.0.0.9"),
    ],
)
def test_address_of_the_caller_is_what_our_own_proxies_saw(settings, count, forwarded, expected):
    settings.PROXY_COUNT = count
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="10.0.0.9")
    assert client_ip(request) == expected
