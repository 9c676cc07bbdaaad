"""What a request costs in queries."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

_BRACKETS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def statements(capture: CaptureQueriesContext) -> list[str]:
    """Return the captured SQL, without the words that only open and close transactions."""
    return [query["sql"] for query in capture if not query["sql"].lstrip().upper().startswith(_BRACKETS)]


def writes(queries: list[str]) -> list[str]:
    """Return those that change something."""
    return [sql for sql in queries if sql.lstrip().upper().startswith(_WRITES)]


def cost_of(client: Client, url: str) -> tuple[HttpResponse, list[str]]:
    """Return the answer to the second request for a page, with the SQL that it cost."""
    client.get(url)
    with CaptureQueriesContext(connection) as capture:
        response: Any = client.get(url)
    assert response.status_code == 200
    return response, statements(capture)


def listed(queries: list[str]) -> str:
    """Return the queries as the message of a failed test."""
    return "\n".join(f"{number}. {sql[:300]}" for number, sql in enumerate(queries, 1))
