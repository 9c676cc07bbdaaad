"""A running site with the demo office, once per module, and people who sit in front of it.

The office is the real profile without its sample dossiers. What a module commits stays until its end; then the
database is as the migrations made it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, TransactionTestCase, override_settings
from pytest_django.live_server_helper import LiveServer

from home.people.api import User
from plugins.api.api import load_profile
from tests.browser.watch import Watch

PASSWORD = "Mat-khau-thu-2026"


class _Module(TransactionTestCase):
    """Lends its way of tidying up."""

    def runTest(self) -> None:  # noqa: N802
        """Do nothing; a test case needs a test."""


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[LiveServer]:
    """Give a server of the demo office; `site.url` is its address."""
    folder = tmp_path_factory.mktemp("profiles")
    shutil.copytree(settings.PROFILE_DIRS[0] / "demo", folder / "demo")
    (folder / "demo" / "dossiers.yaml").unlink()
    with django_db_blocker.unblock(), override_settings(PROFILE_DIRS=[folder], DEMO_PASSWORD=PASSWORD):
        _Module.setUpClass()
        case = _Module()
        case._pre_setup()
        load_profile("demo")
        server = LiveServer("localhost")
        server._live_server_modified_settings.enable()
        yield server
        server._live_server_modified_settings.disable()
        server.stop()
        case._post_teardown()
        _Module.tearDownClass()
        _Module.doClassCleanups()


@pytest.fixture
def _django_db_helper(site: LiveServer) -> None:
    """Take the place of pytest-django's: nothing is emptied between the tests of a module."""


@pytest.fixture
def visit(
    site: LiveServer, browser: Any, browser_context_args: dict[str, Any]
) -> Iterator[Callable[..., Any]]:
    """Give `visit(username, **context)`: a page of that person's own browser, logged in; "" for a visitor.

    At the end every page must have kept to the site and have caused no error.
    """
    watch = Watch(site.url)
    contexts = []

    def open_browser(username: str = "", *, width: int = 1280, **options: Any) -> Any:
        size = {"width": width, "height": 800 if width > 600 else 740}
        context = browser.new_context(
            **{**browser_context_args, "base_url": site.url, "viewport": size, **options}
        )
        context.set_default_timeout(60_000)  # the first page of the admin, on a busy machine
        contexts.append(context)
        watch.follow(context)
        if username:
            context.add_cookies([session_cookie(username, site.url)])
        return context.new_page()

    yield open_browser
    for context in contexts:
        context.close()
    assert not watch.complaints


def session_cookie(username: str, url: str) -> dict[str, str]:
    """Return the cookie of a new session of this person."""
    client = Client()
    client.force_login(User.objects.get(username=username), backend="home.people.backends.OfficeBackend")
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}


@pytest.fixture
def attachment(tmp_path: Path) -> Path:
    """Give a small PDF to attach."""
    path = tmp_path / "du-thao.pdf"
    path.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    return path
