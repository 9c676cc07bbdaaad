"""Statements whose plan PostgreSQL keeps: parameters travel beside the text, so that the text stays the same."""

from __future__ import annotations

from typing import Any

from django.db.backends.utils import CursorWrapper


class _Reused(CursorWrapper):
    """One cursor of a connection for all these statements, each of which is read to its end before the next one."""

    def __exit__(self, *_error: object) -> None:
        """Stay open for the next statement."""


def planned_cursor(connection: Any) -> Any:
    """Return a cursor for a statement that is run again and again, and whose best plan no value changes.

    Read what it gives at once: the next statement uses the same cursor.

    Django puts values into the text, so that PostgreSQL reads and plans each statement anew: for one that finds rows by
    their keys that takes longer than to run it. Here psycopg has the server keep the plan of what it sees more often
    than `prepare_threshold` says (a setting of the connection; None keeps none). For lists whose rows depend much on
    the reader it is the wrong way: one plan for all of them is a bad plan for some. Where statements are logged
    (`connection.queries`) they go as always: the log shows them with their values.
    """
    if connection.vendor != "postgresql" or connection.queries_logged:
        return connection.cursor()
    from psycopg import Cursor

    connection.close_if_health_check_failed()
    connection.ensure_connection()
    kept: _Reused | None = connection.__dict__.get("_planned_cursor")
    if kept is None or kept.cursor.connection is not connection.connection:
        kept = connection.__dict__["_planned_cursor"] = _Reused(Cursor(connection.connection), connection)
    return kept
