r"""What lists of a million dossiers stand on: whole words, the due date within a state, the readers of one dossier.

PostgreSQL gets a column `words` in place of `folded`: the words of number and subject in lower case without diacritics,
with their signs and without (`workflows.inbox.folding.words_of`). It computes them itself, and knows how frequent each
is, which tells it where to begin; no extension is needed. Whoever changes the type of `number` or `subject` drops that
column first and makes it again.

The lines of access are found from the reader by one index and from the dossier by another; both hold all that is asked.
"""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import workflows.dossiers.due

TABLE = "dossiers_dossier"
_FOLDED = (
    "lower(regexp_replace(normalize(translate(number::text || ' ' || subject::text, 'đĐ', 'dd'), NFKD), "
    "'[\u0300-\u036f]', '', 'g'))"
)
_BREAKS = r"[\s!-/:-@[-`{-~\u00a0“”‘’–—…]+"
_TEXT = f"{_FOLDED} || ' ' || regexp_replace({_FOLDED}, '{_BREAKS}', ' ', 'g')"
WORDS = rf"array_to_tsvector(array_remove(regexp_split_to_array({_TEXT}, '\s+'), ''))"


def add(apps: Any, editor: Any) -> None:
    """Put `words` in the place of `folded`."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX dossier_by_due")  # made again below, as one that the model knows
        editor.execute(f"ALTER TABLE {TABLE} DROP COLUMN folded")
        editor.execute(f"ALTER TABLE {TABLE} ADD COLUMN words tsvector GENERATED ALWAYS AS ({WORDS}) STORED")
        editor.execute(f"CREATE INDEX dossier_words ON {TABLE} USING gin (words)")


def remove(apps: Any, editor: Any) -> None:
    """Make the former column again, with its index where the extension is there."""
    if editor.connection.vendor != "postgresql":
        return
    editor.execute(f"ALTER TABLE {TABLE} DROP COLUMN words")
    editor.execute(f"ALTER TABLE {TABLE} ADD COLUMN folded text GENERATED ALWAYS AS (' ' || {_TEXT}) STORED")
    never = "'9999-12-31 00:00:00+00:00'::timestamptz"
    editor.execute(f"CREATE INDEX dossier_by_due ON {TABLE} ((COALESCE(due_at, {never})), id)")
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm')")
        if cursor.fetchone()[0]:
            editor.execute(f"CREATE INDEX dossier_words ON {TABLE} USING gin (folded gin_trgm_ops)")


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0005_papers")]

    operations = [
        migrations.RunPython(add, remove),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(workflows.dossiers.due.DueOrNever("due_at"), "id", name="dossier_by_due"),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                "state", workflows.dossiers.due.DueOrNever("due_at"), "id", name="dossier_by_state_due"
            ),
        ),
        migrations.RemoveIndex(model_name="dossier", name="dossier_type_state"),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(fields=["type", "state", "-opened_at", "-id"], name="dossier_type_state"),
        ),
        migrations.AlterField(
            model_name="dossieraccess",
            name="dossier",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="access",
                to="dossiers.dossier",
            ),
        ),
        migrations.AddIndex(
            model_name="dossieraccess",
            index=models.Index(fields=["dossier", "principal"], name="dossier_readers"),
        ),
    ]
