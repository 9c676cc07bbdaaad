"""Tests that commit leave the database as the migrations made it.

Django empties every table after such a test, also of the rows that migrations put in (Wagtail's root page and
locale, working hours, …), and fills in content types with new keys. Here the first rows come back, so that no test
depends on which ran before it; how that is done cheaply is told in `snapshots.py`.
"""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.test import TransactionTestCase

from tests.snapshots import Snapshot, take

_first: dict[str, Snapshot] = {}
_setup = TransactionTestCase._fixture_setup.__func__


def _remember_first_rows(cls: type[TransactionTestCase]) -> None:
    for alias in cls._databases_names(include_mirrors=False):
        if alias not in _first:
            _first[alias] = take(connections[alias])
    _setup(cls)


def _restore_first_rows(self: TransactionTestCase) -> None:
    for alias in self._databases_names(include_mirrors=False):
        _first[alias].restore(connections[alias])
    ContentType.objects.clear_cache()


@pytest.fixture(scope="session", autouse=True)
def pristine_database() -> None:
    """Replace the way in which Django tidies up after tests that commit."""
    TransactionTestCase._fixture_setup = classmethod(_remember_first_rows)
    TransactionTestCase._fixture_teardown = _restore_first_rows
