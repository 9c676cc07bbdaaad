"""The order of the department tree, and what a code may look like."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_names_and_rules"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="department",
            options={
                "ordering": ["tree_order", "pk"],
                "verbose_name": "department",
                "verbose_name_plural": "departments",
            },
        ),
        migrations.AddField(
            model_name="department",
            name="tree_order",
            field=models.PositiveIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="department",
            name="code",
            field=models.CharField(
                max_length=20,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "^\\w[\\w.-]*\\Z",
                        "A code begins with a letter or digit and holds letters, digits, dots, dashes and “_” only.",
                    )
                ],
                verbose_name="code",
            ),
        ),
        migrations.AlterField(
            model_name="position",
            name="code",
            field=models.CharField(
                max_length=40,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "^\\w[\\w.-]*\\Z",
                        "A code begins with a letter or digit and holds letters, digits, dots, dashes and “_” only.",
                    )
                ],
                verbose_name="code",
            ),
        ),
    ]
