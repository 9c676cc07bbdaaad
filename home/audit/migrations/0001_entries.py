"""Entries in a hash chain, and its end."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import home.audit.canonical


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "end of the audit trail",
                "verbose_name_plural": "end of the audit trail",
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "seq",
                    models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name="number"),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="time")),
                ("verb", models.CharField(db_index=True, max_length=100, verbose_name="act")),
                ("target", models.CharField(db_index=True, max_length=100, verbose_name="concerns")),
                ("label", models.CharField(blank=True, max_length=300, verbose_name="description")),
                ("data", home.audit.canonical.CanonicalJSONField(default=dict, verbose_name="details")),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="on behalf of",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ["seq"],
            },
        ),
    ]
