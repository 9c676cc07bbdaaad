"""Sample cases of drafts, and the reason of the next publication."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("designer", "0001_drafts"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            model_name="flowdraft",
            name="publication_note",
            field=models.CharField(
                blank=True,
                help_text="Kept with the next version, for those who look for the reason later.",
                max_length=500,
                verbose_name="what has changed and why",
            ),
        ),
        migrations.CreateModel(
            name="SampleCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("answers", models.JSONField(default=dict)),
                ("choices", models.JSONField(default=dict)),
                ("expected", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField(auto_now=True, verbose_name="saved at")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="samples",
                        to="designer.flowdraft",
                    ),
                ),
                (
                    "submitter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="submitted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "sample case",
                "verbose_name_plural": "sample cases",
                "ordering": ["name", "pk"],
                "constraints": [models.UniqueConstraint(fields=("draft", "name"), name="sample_case_name")],
            },
        ),
    ]
