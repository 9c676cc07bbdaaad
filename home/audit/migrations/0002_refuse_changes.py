"""Database triggers: entries can be added, never changed or removed."""

from django.db import migrations

from home.audit import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_entries"),
    ]

    operations = [
        migrations.RunPython(install, remove),
    ]
