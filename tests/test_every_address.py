"""Every address of the site, found in the resolver: who gets in, and that nothing that is sent breaks it.

Who gets in is decided before the database is asked, so that is tried on one database (`once`); what is sent reaches it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.utils.regex_helper import normalize

from settings.policy import ADMIN_PATH
from tests.factories.people import MembershipFactory, UserFactory

#: Addresses that answer without a login, and why.
OPEN = {
    "login": "the door itself",
    "password_reset": "who forgot the password cannot log in",
    "password_reset_done": "part of the reset",
    "password_reset_confirm": "part of the reset; the token is the key",
    "password_reset_complete": "part of the reset",
    "set_language": "the login page can be read in both languages",
    "set_theme": "the login page can be light or dark",
    "unsubscribe": "mail programs have no session; the signed token in the address is the key",
    "office_logo": "the login page shows the logo",
    "office_style": "the login page has the colour of the office",
    "feed": "calendar programs cannot log in; the secret token in the address is the key",
    "news_rss": "feed programs cannot log in; the secret key in the query is the key",
    "news_atom": "feed programs cannot log in; the secret key in the query is the key",
}
#: Addresses that exist only while nobody is in the office.
OPEN |= dict.fromkeys(
    ["setup", "setup_logo", "setup_workbook", "setup_step"], "the wizard asks for its own token"
)
#: Addresses of Wagtail's admin that need no right to enter the admin, and why.
OPEN_ADMIN = {
    "wagtailadmin_login": "leads to the login page of the site",
    "wagtailadmin_javascript_catalog": "words of the interface, the same for everybody",
    "wagtailadmin_sprite": "icons",
    "wagtailadmin_logout": "leads out",
}

UNKNOWN = [
    "csv",
    "khong-co/",
    "999999999",
    "9" * 18,
    "9" * 40,
    str(uuid.UUID(int=7)),
    "khong-co",
    "đường-đi",
    "a\0b",
    "-1",
    "0",
]
HOSTILE = ["\0", "-1", "9" * 23, "đ\u202e e\u0301", "'\"><script>", "x" * 5_000, "\ud7ff", "[]", "{}"]
NAMES = [
    "page",
    "p",
    "q",
    "tab",
    "sort",
    "type",
    "state",
    "since",
    "until",
    "week",
    "on",
    "next",
    "unit",
    "kind",
    "delegate",
    "scope",
    "matters",
    "reason",
    "item",
    "to",
    "errand",
    "cell",
    "department",
    "step",
    "person",
    "audience",
    "text",
    "note",
    "step",
    "department",
    "light",
    "due_from",
    "due_until",
    "role",
    "filters",
    "after",
    "before",
    "name",
    "query",
    "task",
    "act",
    "beside",
    "from",
    "outcome",
    "key",
    "on",
    "show",
    "category",
]


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver with its whole expression."""

    name: str
    expression: str
    callback: Any

    @property
    def is_admin(self) -> bool:
        return self.expression.startswith(ADMIN_PATH)

    @property
    def has_key(self) -> bool:
        return "(" in re.sub(r"\(\?:", "", self.expression) and self.name != "wagtail_serve"

    def paths(self, keys: tuple[str, ...] = ()) -> list[str]:
        """Return addresses that lead to this view: of these keys, otherwise of things that do not exist."""
        found = []
        for form, params in normalize(self.expression):
            for value in (keys or UNKNOWN) if params else [""]:
                for known in ({}, {"pk": "9" * 9}):  # below the key of a row, the rest is of another kind
                    path = "/" + form % (dict.fromkeys(params, value) | known)
                    if _leads_to(path, self.callback):
                        found.append(quote(path, safe="/:"))
        return list(dict.fromkeys(found))


def _leads_to(path: str, callback: Any) -> bool:
    try:
        return resolve(path).func == callback
    except Resolver404:
        return False


def _walk(resolver: URLResolver, before: str = "") -> Iterator[Address]:
    for item in resolver.url_patterns:
        expression = before + item.pattern.regex.pattern.removeprefix("^").replace(r"\Z", "").removesuffix(
            "$"
        )
        if isinstance(item, URLResolver):
            yield from _walk(item, expression)
        elif isinstance(item, URLPattern):
            yield Address(item.name or "", expression, item.callback)


@cache
def addresses() -> list[Address]:
    return list(_walk(get_resolver()))


def public() -> list[Address]:
    return [address for address in addresses() if not address.is_admin]


def admin() -> list[Address]:
    return [address for address in addresses() if address.is_admin]


def ids(found: list[Address]) -> list[str]:
    return [address.name or address.expression for address in found]


every_public = pytest.mark.parametrize("address", public(), ids=ids(public()))
every_admin = pytest.mark.parametrize("address", admin(), ids=ids(admin()))


@pytest.fixture
def member(db: None) -> Client:
    """Return the browser of a plain member of staff."""
    client = Client(raise_request_exception=False)
    client.force_login(MembershipFactory().user)
    return client


@pytest.fixture
def rows(db: None) -> Any:
    """Return a function that counts the rows of all tables, but for sessions."""

    def count() -> dict[str, int]:
        tables = [name for name in connection.introspection.table_names() if name != "django_session"]
        with connection.cursor() as cursor:
            found = {}
            for name in tables:
                cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")
                found[name] = cursor.fetchone()[0]
        return found

    return count


def is_way_to_login(answer: Any) -> bool:
    return answer.status_code == 302 and answer.url.startswith(("/login/", "/admin/login/"))


def test_every_pattern_is_tried() -> None:
    untried = {address.name or address.expression for address in public() if not address.paths()}
    assert untried == {"set_language"}  # Django's own, behind the one of the office
    assert len(admin()) > 100
    assert set(OPEN) <= {address.name for address in public()}


@pytest.mark.once
@every_public
def test_without_a_login_there_is_only_the_way_to_it(address: Address, db: None, rows: Any) -> None:
    client = Client(raise_request_exception=False)
    before = rows()
    for path in address.paths():
        for answer in (client.get(path), client.post(path, {"a": "b"})):
            if address.name in OPEN:
                assert answer.status_code < 500, path
            else:
                assert is_way_to_login(answer) or answer.status_code == 404, (path, answer.status_code)
    if address.name != "set_language":
        assert rows() == before


@pytest.mark.once
@every_admin
def test_the_admin_opens_for_nobody_without_the_right(address: Address, member: Client) -> None:
    if address.name in OPEN_ADMIN:
        return
    for client in (Client(raise_request_exception=False), member):
        for path in address.paths():
            for answer in (client.get(path), client.post(path, {"a": "b"})):
                shut = is_way_to_login(answer) or answer.status_code in (403, 404, 405)
                home = answer.status_code in (301, 302) and answer.url in ("/", "/login/", "/admin/login/")
                assert shut or home, (path, answer.status_code, answer.headers.get("Location"))


@every_public
def test_what_does_not_exist_is_404_whoever_asks(address: Address, member: Client) -> None:
    if not address.has_key or address.name in OPEN:
        return
    for path in address.paths():
        assert member.get(path).status_code in (404, 405), path


@every_public
def test_nothing_that_is_sent_breaks_a_page(address: Address, member: Client) -> None:
    queries = [dict.fromkeys(NAMES, value) for value in HOSTILE]
    for path in address.paths()[:3]:
        for query in queries:
            assert member.get(path, query).status_code < 500, (path, query)
            assert member.post(path, query).status_code < 500, (path, query)
        assert member.post(path, data=b"\xff\xfe{", content_type="application/json").status_code < 500, path
        broken = member.post(path, data=b"--x\r\n\xff", content_type="multipart/form-data; boundary=x")
        assert broken.status_code < 500, path
        many = {f"f{number}": "x" for number in range(1_200)}
        assert member.post(path, many).status_code < 500, path


@pytest.mark.once
@every_public
def test_every_form_needs_its_csrf_token(address: Address, db: None, rows: Any) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(UserFactory())
    before = rows()
    for path in address.paths()[:3]:
        answer = client.post(path, {"a": "b"})
        assert answer.status_code == 403, (path, answer.status_code)
    assert rows() == before


@pytest.mark.once
@every_public
def test_pages_for_one_person_are_kept_by_no_cache_between(address: Address, member: Client) -> None:
    for path in address.paths()[:2]:
        answer = member.get(path)
        if answer.status_code in (200, 404) and address.name not in {"feed"}:
            control = answer.headers.get("Cache-Control", "")
            assert "private" in control or "no-store" in control, (path, control)


#: Wagtail's own: it trusts the type of the key in this address of its choosers, and has a page that fails on purpose.
UPSTREAM = ("chosen", "wagtailadmin_error_test")


@every_admin
def test_the_admin_survives_unknown_keys(address: Address, db: None) -> None:
    if address.name in UPSTREAM:
        return
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory(is_superuser=True))
    for path in address.paths():
        assert client.get(path).status_code < 500, path
