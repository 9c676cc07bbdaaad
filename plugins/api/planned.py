"""Statements whose plan PostgreSQL keeps: parameters travel beside the text, so that the text stays the same."""

from __future__ import annotations

from typing import Any


def planned_cursor(connection: Any) -> Any:
    """Return a cursor for a statement that is run again and again, and whose best plan no value changes.

    Django puts values into the text, so that PostgreSQL reads and plans each statement anew: for one that finds rows by
    their keys that takes longer than to run it. Here psycopg has the server keep the plan of what it sees more often
    than `prepare_threshold` says (a setting of the connection; None keeps none). For lists whose rows depend much on
    the reader it is the wrong way: one plan for all of them is a bad plan for some. Where statements are logged
    (`connection.queries`) they go as always: the log shows them with their values.
    """
    cursor = connection.cursor()
    if connection.vendor == "postgresql" and not connection.queries_logged:
        from psycopg import Cursor

        cursor.cursor = Cursor(connection.connection)
    return cursor
