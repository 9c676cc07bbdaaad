"""The index of the office, with what each database needs to search its words (`home/base/findable.py`)."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

TABLE = "base_findable"
WORDS = "base_findable_words"
_COLUMNS = {"title_vector": "title_words", "vector": "words"}
_INSERT = f"INSERT INTO {WORDS} (rowid, title_words, words) VALUES (new.id, new.title_words, new.words)"  # noqa: S608
_DELETE = (
    f"INSERT INTO {WORDS} ({WORDS}, rowid, title_words, words) "  # noqa: S608
    "VALUES ('delete', old.id, old.title_words, old.words)"
)
_TRIGGERS = {
    "findable_in": f"AFTER INSERT ON {TABLE} BEGIN {_INSERT}; END",
    "findable_out": f"AFTER DELETE ON {TABLE} BEGIN {_DELETE}; END",
    "findable_anew": f"AFTER UPDATE OF title_words, words ON {TABLE} BEGIN {_DELETE}; {_INSERT}; END",
}


def add(apps: Any, editor: Any) -> None:
    """Add columns of words, or a table of words that triggers keep in step."""
    if editor.connection.vendor == "postgresql":
        for column, words in _COLUMNS.items():
            kept = f"array_to_tsvector(array_remove(string_to_array({words}::text, ' '), ''))"
            editor.execute(
                f"ALTER TABLE {TABLE} ADD COLUMN {column} tsvector GENERATED ALWAYS AS ({kept}) STORED"
            )
            editor.execute(f"CREATE INDEX findable_{column} ON {TABLE} USING gin ({column})")
        return
    editor.execute(
        f"CREATE VIRTUAL TABLE {WORDS} USING fts5(title_words, words, content='{TABLE}', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 0', prefix='2 3')"
    )
    for name, trigger in _TRIGGERS.items():
        editor.execute(f"CREATE TRIGGER {name} {trigger}")


def remove(apps: Any, editor: Any) -> None:
    """Take them away."""
    if editor.connection.vendor == "postgresql":
        for column in _COLUMNS:
            editor.execute(f"ALTER TABLE {TABLE} DROP COLUMN {column}")
        return
    for name in _TRIGGERS:
        editor.execute(f"DROP TRIGGER {name}")
    editor.execute(f"DROP TABLE {WORDS}")


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0006_audience_readers"),
        ("people", "0006_working_groups_and_photos"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("document_id", models.BigIntegerField(unique=True)),
                ("file", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("read", "Read"), ("failed", "Failed")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("text", models.TextField(blank=True)),
                ("read_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "text of a document",
                "verbose_name_plural": "texts of documents",
                "indexes": [models.Index(fields=["state"], name="document_text_state")],
            },
        ),
        migrations.CreateModel(
            name="Findable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("object_id", models.BigIntegerField()),
                ("title", models.CharField(max_length=500)),
                ("text", models.TextField(blank=True)),
                ("url", models.CharField(blank=True, max_length=500)),
                ("day", models.DateField(blank=True, null=True)),
                ("title_words", models.CharField(max_length=1100)),
                ("words", models.TextField()),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.department",
                    ),
                ),
            ],
            options={
                "verbose_name": "findable thing",
                "verbose_name_plural": "findable things",
                "constraints": [models.UniqueConstraint(fields=("kind", "object_id"), name="findable_once")],
            },
        ),
        migrations.RunPython(add, remove),
    ]
