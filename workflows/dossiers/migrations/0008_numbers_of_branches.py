"""Room for the name under which the number of one branch of a block is kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0007_follow_and_remarks")]

    operations = [
        migrations.AlterField(
            "registerentry",
            "holder",
            models.CharField(db_index=True, max_length=200),
        ),
    ]
