"""Put back what migrations filled in, after tests that commit (Django empties every table after them)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from django.db import connections
from pytest_django.plugin import blocking_manager_key


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Load the first rows again after a test marked `django_db(…, serialized_rollback=True)`."""
    result = yield
    marker = item.get_closest_marker("django_db")
    if marker and marker.kwargs.get("serialized_rollback"):
        with item.config.stash[blocking_manager_key].unblock():
            for connection in connections.all(initialized_only=True):
                connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
    return result
