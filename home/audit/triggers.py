"""Database triggers that refuse to change or remove what has been recorded, whoever comes with SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ENTRY, CHAIN = "audit_entry", "audit_chainhead"
REFUSAL = "the audit trail is append-only"
_BACK = "NEW.seq <= OLD.seq OR NEW.id <> OLD.id"

_SQLITE = {
    f"{ENTRY}_no_update": f"BEFORE UPDATE ON {ENTRY}",
    f"{ENTRY}_no_delete": f"BEFORE DELETE ON {ENTRY}",
    f"{CHAIN}_no_delete": f"BEFORE DELETE ON {CHAIN}",
    f"{CHAIN}_forward": f"BEFORE UPDATE ON {CHAIN} WHEN {_BACK}",
}
_POSTGRESQL = {
    f"{ENTRY}_append_only": f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {ENTRY} FOR EACH STATEMENT",
    f"{CHAIN}_no_delete": f"BEFORE DELETE OR TRUNCATE ON {CHAIN} FOR EACH STATEMENT",
    f"{CHAIN}_forward": f"BEFORE UPDATE ON {CHAIN} FOR EACH ROW WHEN ({_BACK})",
}
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def install(connection: Any) -> None:
    """Create the triggers (SQLite and PostgreSQL; elsewhere the code alone refuses)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, event in _SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {event} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")
        elif connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
            for name, event in _POSTGRESQL.items():
                cursor.execute(f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION audit_refuse()")


def remove(connection: Any) -> None:
    """Drop the triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        elif connection.vendor == "postgresql":
            for name in _POSTGRESQL:
                table = ENTRY if name.startswith(ENTRY) else CHAIN
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


@contextmanager
def lifted(connection: Any) -> Iterator[None]:
    """Work without the triggers, for `manage.py flush` only. They come back whatever happens inside."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)
