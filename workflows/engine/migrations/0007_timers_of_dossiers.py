"""Timers of the due date of a whole dossier, beside those of its steps."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0008_numbers_of_branches"),
        ("engine", "0006_task_lists"),
        ("viewflow", "0015_task_scheduled"),
    ]

    operations = [
        migrations.AlterField(
            "timer",
            "task",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="timers",
                to="viewflow.task",
            ),
        ),
        migrations.AddField(
            "timer",
            "dossier",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="timers",
                to="dossiers.dossier",
            ),
        ),
        migrations.AddConstraint(
            "timer",
            models.UniqueConstraint(fields=["dossier", "code"], name="timer_once_a_dossier"),
        ),
        migrations.AddConstraint(
            "timer",
            models.CheckConstraint(
                condition=Q(task__isnull=False, dossier__isnull=True)
                | Q(task__isnull=True, dossier__isnull=False),
                name="timer_of_one",
            ),
        ),
    ]
