"""What lists of a million dossiers stand on: an index for each order, one for numbers, one for words.

PostgreSQL gets a column `folded`, which it computes itself and no model knows: number and subject in lower case without
diacritics, then once more without signs (`workflows.inbox.folding.words_of`). Its index needs the extension `pg_trgm`,
which comes with PostgreSQL; without it a search by words reads every dossier that the other filters leave. Whoever
changes the type of `number` or `subject` drops that column first and makes it again.

SQLite gets an index of numbers without regard to case; what else it needs it has.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLE = "dossiers_dossier"
_FOLDED = (
    "lower(regexp_replace(normalize(translate(number::text || ' ' || subject::text, 'đĐ', 'dd'), NFKD), "
    "'[\u0300-\u036f]', '', 'g'))"
)
_BREAKS = r"[\s!-/:-@[-`{-~\u00a0“”‘’–—…]+"
INDEXES = {
    "dossier_by_subject": "(subject, id)",
    "dossier_by_state": "(state, opened_at, id)",
    "dossier_by_due": "((COALESCE(due_at, '9999-12-31 00:00:00+00:00'::timestamptz)), id)",
    "dossier_number_prefix": "(upper(number::text) text_pattern_ops)",
}
_MAY_HAVE_TRIGRAMS = (
    "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm') "
    "OR (EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm') "
    "AND has_database_privilege(current_database(), 'CREATE'))"
)


def add(apps: Any, editor: Any) -> None:
    """Add columns and indexes."""
    if editor.connection.vendor == "sqlite":
        editor.execute(f"CREATE INDEX dossier_number_prefix ON {TABLE} (number COLLATE NOCASE)")
        return
    for name, columns in INDEXES.items():
        editor.execute(f"CREATE INDEX {name} ON {TABLE} {columns}")
    editor.execute(
        f"ALTER TABLE {TABLE} ADD COLUMN folded text GENERATED ALWAYS AS "
        f"(' ' || {_FOLDED} || ' ' || regexp_replace({_FOLDED}, '{_BREAKS}', ' ', 'g')) STORED"
    )
    with editor.connection.cursor() as cursor:
        cursor.execute(_MAY_HAVE_TRIGRAMS)
        if not cursor.fetchone()[0]:
            return
    editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    editor.execute(f"CREATE INDEX dossier_words ON {TABLE} USING gin (folded gin_trgm_ops)")


def remove(apps: Any, editor: Any) -> None:
    """Take them away; the extension stays, as others may use it."""
    if editor.connection.vendor == "postgresql":
        editor.execute(f"ALTER TABLE {TABLE} DROP COLUMN folded")
    for name in INDEXES:
        editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0003_how_an_office_decides")]

    operations = [migrations.RunPython(add, remove)]
