"""Lists stand newest first: a page of them is read from an index instead of sorting all dossiers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(fields=["-opened_at", "-id"], name="dossier_newest"),
        ),
    ]
