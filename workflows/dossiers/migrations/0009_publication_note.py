"""A version says what has changed and why."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0008_numbers_of_branches")]

    operations = [
        migrations.AddField(
            model_name="flowversion",
            name="note",
            field=models.CharField(
                blank=True,
                help_text="For those who look for the reason later.",
                max_length=500,
                verbose_name="what has changed and why",
            ),
        ),
    ]
