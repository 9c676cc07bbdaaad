"""Tests that commit leave the database as the migrations made it.

Django empties every table after such a test, also of the rows that migrations put in (Wagtail's root page and
locale, working hours, …), and fills in content types with new keys. Here the tables are emptied and the first rows
loaded again, so that no test depends on which ran before it.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections
from django.test import TransactionTestCase

_first_rows: dict[str, str] = {}
_content_types: dict[str, list[ContentType]] = {}
_setup = TransactionTestCase._fixture_setup.__func__


def _remember_first_rows(cls: type[TransactionTestCase]) -> None:
    for alias in cls._databases_names(include_mirrors=False):
        if alias not in _first_rows:
            _content_types[alias] = list(ContentType.objects.using(alias))
            _first_rows[alias] = connections[alias].creation.serialize_db_to_string()
    _setup(cls)


def _restore_first_rows(self: TransactionTestCase) -> None:
    for alias in self._databases_names(include_mirrors=False):
        call_command(
            "flush",
            verbosity=0,
            interactive=False,
            database=alias,
            reset_sequences=False,
            allow_cascade=True,
            inhibit_post_migrate=True,
        )
        # First, with their own keys: some models look their content type up while they are loaded.
        ContentType.objects.clear_cache()
        ContentType.objects.using(alias).bulk_create(_content_types[alias])
        connections[alias].creation.deserialize_db_from_string(_first_rows[alias])
        _continue_sequences(alias)
    ContentType.objects.clear_cache()


def _continue_sequences(alias: str) -> None:
    """Let new rows be numbered after those that were loaded with their own keys."""
    connection = connections[alias]
    statements = connection.ops.sequence_reset_sql(no_style(), apps.get_models())
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(";".join(statement.rstrip(";") for statement in statements))


@pytest.fixture(scope="session", autouse=True)
def pristine_database() -> None:
    """Replace the way in which Django tidies up after tests that commit."""
    TransactionTestCase._fixture_setup = classmethod(_remember_first_rows)
    TransactionTestCase._fixture_teardown = _restore_first_rows
