"""What every test gets: no way out to the network, an empty cache, and, where asked for, a browser."""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pristine import pristine_database as pristine_database
from tests.ready import django_db_modify_db_settings as django_db_modify_db_settings
from tests.screens import is_screen
from tools.chromium import FLAGS, WINDOW, find_browser

BROWSER_FIXTURES = {"page", "context", "browser", "phone_page", "no_script_page"}
#: Modules that keep a process busy for a minute and longer; one process runs the whole of a module.
LONG = (
    "tests/test_every_address.py",
    "tests/test_no_trace.py",
    "tests/tools/test_run.py",
    "tests/platform/test_container.py",
)
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations once, before any worker reads them."""
    if not hasattr(config, "workerinput"):
        from tools import messages

        messages.compile_all()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what drives a browser, so that it can be left out, and begin with it and other long modules: they would
    else keep one of two processes busy alone at the end. Mark also what may not touch the database (pytest-django
    refuses it) and what draws screens.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if BROWSER_FIXTURES & fixtures:
            item.add_marker(pytest.mark.browser)
        if not DATABASE_FIXTURES & fixtures and item.get_closest_marker("django_db") is None:
            item.add_marker(pytest.mark.once)
        if is_screen(item.nodeid):
            item.add_marker(pytest.mark.screen)
    yield
    items.sort(
        key=lambda item: item.get_closest_marker("browser") is None and not item.nodeid.startswith(LONG)
    )


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for garbage seldom, and never among what was loaded before the first test: a fifth of the computing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


# --- safety ------------------------------------------------------------------------------------------------


class NetworkRefusedError(RuntimeError):
    """A test tried to leave the machine."""


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    return host in {"localhost", "::1", "", "0.0.0.0"} or host.startswith("127.")


@pytest.fixture(autouse=True)
def _stay_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves the machine: an intranet calls nobody."""
    for name in ("connect", "connect_ex"):
        original = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, original: Any = original) -> Any:
            if self.family != socket.AF_UNIX and not _is_local(address):
                raise NetworkRefusedError(f"A test tried to reach {address!r}.")
            return original(self, address)

        monkeypatch.setattr(socket.socket, name, guarded)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Start with an empty cache, nobody remembered, and with the language that the settings name."""
    from django.core.cache import caches
    from django.utils import translation

    from home.people.remembering import memory

    memory.clear()
    for cache in caches.all():
        cache.clear()
    translation.activate("vi")
    yield
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Keep every file that a test writes in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


# --- browser -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Drive the machine's Chromium, not a downloaded one."""
    path = find_browser()
    if path is None:
        pytest.fail("No Chromium on this machine; leave these tests out with: -m 'not browser'")
    from playwright.sync_api import expect

    expect.set_options(timeout=30_000)  # the first page of an office that was just opened, on a busy machine
    return {"executable_path": path, "args": FLAGS, "headless": True}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """Look at the site as the office does: in Vietnamese, on a common screen."""
    return dict(WINDOW)


@pytest.fixture(scope="session", autouse=True)
def _database_calls_beside_the_browser() -> Iterator[None]:
    """Let tests use the database while Playwright's event loop runs in the same thread."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def phone_page(browser: Any, browser_context_args: dict[str, Any]) -> Iterator[Any]:
    """Give a page of a small phone, 360 px wide."""
    context = browser.new_context(**{**browser_context_args, "viewport": {"width": 360, "height": 740}})
    yield context.new_page()
    context.close()


@pytest.fixture
def no_script_page(browser: Any, browser_context_args: dict[str, Any]) -> Iterator[Any]:
    """Give a page of a browser that runs no JavaScript."""
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    yield context.new_page()
    context.close()


@pytest.fixture
def files_on_disk(settings: Any, tmp_path: Path) -> None:
    """Keep uploads as files, in a folder of this test: Wagtail serves documents from the disk."""
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": backend}
