"""What a database holds at one moment, to go back to it.

SQLite copies its pages. PostgreSQL keeps the rows in a schema of their own and puts back the tables that were written
to since: of those the number of rows, or the youngest transaction that wrote a row, is another one.
"""

from __future__ import annotations

import itertools
import sqlite3
import time
from typing import Any, Protocol

from django.apps import apps
from django.core.management.color import no_style
from django.db import transaction

#: A process that was left behind with the database locked is a mistake of a test: say so, do not wait for ever.
PATIENCE = 30
_numbers = itertools.count(1)


class Snapshot(Protocol):
    """What was in a database."""

    def restore(self, connection: Any) -> None:
        """Let the database hold that again, and nothing else."""


def take(connection: Any) -> Snapshot:
    """Remember what is in this database now; nobody may be writing to it."""
    connection.ensure_connection()
    return _Pages(connection) if connection.vendor == "sqlite" else _Rows(connection)


class _Pages:
    """All pages of an SQLite database, in memory."""

    def __init__(self, connection: Any) -> None:
        self.copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(self.copy)

    def restore(self, connection: Any) -> None:
        connection.ensure_connection()
        until = time.monotonic() + PATIENCE

        def waited(_status: int, _left: int, _total: int) -> None:
            if time.monotonic() > until:
                raise TimeoutError("Somebody keeps the database locked: a process or a thread of the test.")

        self.copy.backup(connection.connection, progress=waited)


class _Rows:
    """The rows of a PostgreSQL database, kept in a schema that no search path leads to."""

    def __init__(self, connection: Any) -> None:
        self.schema = f"snapshot_{next(_numbers)}"
        self.tables = sorted(connection.introspection.table_names())
        with connection.cursor() as cursor:
            self.columns = {table: _columns(cursor, table) for table in self.tables}
            cursor.execute(f"DROP SCHEMA IF EXISTS {self.schema} CASCADE; CREATE SCHEMA {self.schema}")
            self.marks = self._marks(cursor, self.tables)
            for table in self._filled():
                cursor.execute(f'CREATE TABLE {self.schema}."{table}" AS TABLE public."{table}"')

    def restore(self, connection: Any) -> None:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            found = self._marks(cursor, self.tables)
            changed = [table for table in self.tables if found[table] != self.marks[table]]
            if not changed:
                return
            filled = self._filled()
            # Neither foreign keys nor triggers have a say while rows change places: in the end all are as they were.
            words = ["SET LOCAL session_replication_role = replica"]
            words += [f'DELETE FROM public."{table}"' for table in changed]
            words += [
                f'INSERT INTO public."{table}" ({self.columns[table]}) '
                f'SELECT {self.columns[table]} FROM {self.schema}."{table}"'
                for table in changed
                if table in filled
            ]
            cursor.execute(";".join([*words, *self._sequences(connection, changed)]))
            self.marks |= self._marks(cursor, [table for table in changed if table in filled])

    @staticmethod
    def _sequences(connection: Any, tables: list[str]) -> list[str]:
        """Return statements after which new rows are numbered behind those that are there."""
        models = apps.get_models(include_auto_created=True)
        models = [model for model in models if model._meta.db_table in set(tables) and model._meta.managed]
        return [text.rstrip(";") for text in connection.ops.sequence_reset_sql(no_style(), models)]

    def _filled(self) -> set[str]:
        return {table for table, (rows, _youngest) in self.marks.items() if rows}

    @staticmethod
    def _marks(cursor: Any, tables: list[str]) -> dict[str, tuple[int, int]]:
        """Return the number of rows of each table and the youngest transaction that wrote one of them."""
        if not tables:
            return {}
        parts = [
            f"SELECT '{table}', COUNT(*), COALESCE(MAX(xmin::text::bigint), 0) FROM public.\"{table}\""
            for table in tables
        ]
        cursor.execute(" UNION ALL ".join(parts))
        return {table: (rows, youngest) for table, rows, youngest in cursor.fetchall()}


def _columns(cursor: Any, table: str) -> str:
    """Return the columns of a table that are stored, not computed, as a list in SQL."""
    cursor.execute(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    return str(cursor.fetchone()[0])
