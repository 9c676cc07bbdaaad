"""An audience names readers of every kind: what was written as ids of departments is written as readers."""

import json
from hashlib import sha256

from django.db import migrations, models


def _write(apps, word):
    """Rewrite the conditions of all rules with `word` for each reader, and their keys with them."""
    for rule in apps.get_model("base", "AudienceRule").objects.all():
        rule.clauses = sorted({tuple(sorted({word(one) for one in clause})) for clause in rule.clauses})
        rule.digest = sha256(json.dumps(rule.clauses).encode()).hexdigest()
        rule.save()


def name_readers(apps, schema_editor):
    """Write department 3 as `department:3`."""
    _write(apps, lambda one: f"department:{one}" if isinstance(one, int) else one)


def name_departments(apps, schema_editor):
    """Write `department:3` as 3 again; other kinds of readers did not exist, and a condition without them admits fewer."""
    _write(apps, lambda one: int(one.split(":")[1]) if str(one).startswith("department:") else 0)


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0005_address_index"),
        ("people", "0005_delegations"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="collectionaudience",
            options={
                "verbose_name": "collection with an audience",
                "verbose_name_plural": "collections with an audience",
            },
        ),
        migrations.AddField(
            model_name="basepage",
            name="audience_readers",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Positions, groups and people who see the page besides these departments.",
                verbose_name="other readers",
            ),
        ),
        migrations.AddField(
            model_name="collectionaudience",
            name="readers",
            field=models.JSONField(blank=True, default=list, verbose_name="other readers"),
        ),
        migrations.AlterField(
            model_name="basepage",
            name="audience",
            field=models.CharField(
                choices=[("everyone", "Everyone who is logged in"), ("departments", "Only these readers")],
                default="everyone",
                max_length=20,
                verbose_name="audience",
            ),
        ),
        migrations.AlterField(
            model_name="collectionaudience",
            name="departments",
            field=models.ManyToManyField(
                blank=True,
                help_text="Departments below these are included.",
                related_name="+",
                to="people.department",
                verbose_name="departments",
            ),
        ),
        migrations.RunPython(name_readers, name_departments),
    ]
