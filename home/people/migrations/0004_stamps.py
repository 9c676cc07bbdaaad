"""The rows whose sum is the stamp under which processes remember (`home.people.remembering`)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_tree_order")]

    operations = [
        migrations.CreateModel(
            name="Stamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.BigIntegerField()),
            ],
        ),
    ]
