"""A running site with the demo office, for each module anew, and people who sit in front of it.

The office is the real profile without its sample dossiers; it is loaded once in each process. What a module commits
stays until its end; then the database is as the migrations made it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test import Client, TransactionTestCase, override_settings
from pytest_django.live_server_helper import LiveServer

from home.people.api import User
from plugins.api.api import load_profile
from tests.browser.watch import Watch
from tests.snapshots import Snapshot, take

PASSWORD = "Mat-khau-thu-2026"


class _Module(TransactionTestCase):
    """Lends its way of tidying up."""

    def runTest(self) -> None:  # noqa: N802
        """Do nothing; a test case needs a test."""


@pytest.fixture(scope="session")
def demo_profiles(tmp_path_factory: Any) -> Path:
    """Return a folder of profiles: the demo office without its sample dossiers."""
    folder: Path = tmp_path_factory.mktemp("profiles")
    shutil.copytree(settings.PROFILE_DIRS[0] / "demo", folder / "demo")
    (folder / "demo" / "dossiers.yaml").unlink()
    return folder


class _Demo:
    """The demo office, loaded by the first module that asks for it: rows of the database and files."""

    rows: Snapshot | None = None
    files: ClassVar[dict[tuple[str, str], bytes]] = {}

    @classmethod
    def load(cls) -> None:
        if cls.rows is None:
            load_profile("demo")
            cls.rows = take(connection)
            cls.files = {place: _content(*place) for place in _places()}
        else:
            cls.rows.restore(connection)
            ContentType.objects.clear_cache()
            for storage, name in cls.files.keys() - set(_places()):
                storages[storage].save(name, ContentFile(cls.files[storage, name]))


def _places() -> Iterator[tuple[str, str]]:
    for storage in ("default", "private"):
        folders = [""]
        for folder in folders:
            inner, files = storages[storage].listdir(folder)
            folders += [f"{folder}{name}/" for name in inner]
            yield from ((storage, f"{folder}{name}") for name in files)


def _content(storage: str, name: str) -> bytes:
    with storages[storage].open(name) as file:
        return bytes(file.read())


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any, demo_profiles: Path) -> Iterator[LiveServer]:
    """Give a server of the demo office; `site.url` is its address."""
    with (
        django_db_blocker.unblock(),
        override_settings(PROFILE_DIRS=[demo_profiles], DEMO_PASSWORD=PASSWORD),
    ):
        _Module.setUpClass()
        case = _Module()
        case._pre_setup()
        _Demo.load()
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
