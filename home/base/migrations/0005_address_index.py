"""Pages are looked up by their whole address (`home.base.routing`)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0004_audience_rules"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="basepage",
            index=models.Index(fields=["url_path"], name="base_page_address"),
        ),
    ]
