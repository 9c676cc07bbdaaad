"""Searchable and sortable names; one head a department, one main place a person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "ordering": ["sort_name", "pk"],
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.AlterModelManagers(
            name="user",
            managers=[],
        ),
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_once",
        ),
        migrations.AddField(
            model_name="user",
            name="search_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name="user",
            name="sort_name",
            field=models.CharField(blank=True, db_index=True, default="", editable=False, max_length=1000),
        ),
        migrations.AlterField(
            model_name="membership",
            name="is_primary",
            field=models.BooleanField(default=False, verbose_name="main place"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("user", "department", "position"),
                name="membership_once",
                violation_error_message="This person already holds this position in this department.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role", "head"), ("until__isnull", True)),
                fields=("department",),
                name="department_one_head",
                violation_error_message="This department already has a head.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_primary", True), ("until__isnull", True)),
                fields=("user",),
                name="person_one_main_place",
                violation_error_message="This person already has a main place.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since__isnull", True),
                    ("until__isnull", True),
                    ("until__gte", models.F("since")),
                    _connector="OR",
                ),
                name="membership_ends_after_start",
                violation_error_message="The end lies before the beginning.",
            ),
        ),
    ]
