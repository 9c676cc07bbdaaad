"""People who look at dossiers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from home.audit.api import Entry
from home.forms.api import StoredFile, Submission
from workflows.dossiers.api import Dossier, DossierAccess


@pytest.fixture
def as_user(db: None) -> Callable[[Any], Client]:
    """Return a logged-in browser of a person."""

    def log_in(person: Any) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return log_in


@pytest.fixture
def unchanged() -> Callable[[], Any]:
    """Return a context in which nothing about dossiers may change in the database."""
    from viewflow.workflow.models import Task

    def state() -> list[Any]:
        return [
            list(Dossier.objects.order_by("pk").values_list("pk", "state", "revision", "subject")),
            list(Task.objects.order_by("pk").values_list("pk", "status", "owner_id")),
            Entry.objects.count(),
            DossierAccess.objects.count(),
            Submission.objects.count(),
            StoredFile.objects.count(),
        ]

    @contextmanager
    def check() -> Iterator[None]:
        before = state()
        yield
        assert state() == before

    return check


def statements(capture: CaptureQueriesContext) -> list[str]:
    """Return the captured SQL, without the words that only open and close transactions."""
    words = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    return [query["sql"] for query in capture if not query["sql"].lstrip().upper().startswith(words)]


@pytest.fixture
def counted() -> Callable[[Callable[[], Any]], tuple[Any, list[str]]]:
    """Return a function that calls another and gives its result with the SQL that it cost."""

    def run(call: Callable[[], Any]) -> tuple[Any, list[str]]:
        with CaptureQueriesContext(connection) as capture:
            result = call()
        return result, statements(capture)

    return run
