"""A file is seen by whoever sees a page that shows it: which files stand on which pages."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from wagtail.documents import get_document_model_string
from wagtail.images import get_image_model_string

BATCH = 1000


def note_files(apps, schema_editor):
    """Take over what Wagtail knows of the files on pages; later every page that is saved notes its own."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    references = apps.get_model("wagtailcore", "ReferenceIndex").objects
    page_file, pages = (apps.get_model("base", name) for name in ("PageFile", "BasePage"))
    of_pages = content_types.filter(app_label="base", model="basepage").first()
    there = set(pages.objects.values_list("pk", flat=True)) if of_pages else set()
    for kind, name in (("document", get_document_model_string()), ("image", get_image_model_string())):
        app_label, model = name.lower().split(".")
        target = content_types.filter(app_label=app_label, model=model).first()
        if target is None or not there:
            continue
        found = references.filter(base_content_type=of_pages.pk, to_content_type=target.pk)
        pairs = {(int(page), int(file)) for page, file in found.values_list("object_id", "to_object_id")}
        rows = [
            page_file(page_id=page, kind=kind, object_id=file)
            for page, file in sorted(pairs)
            if page in there
        ]
        page_file.objects.bulk_create(rows, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0007_findable"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0078_referenceindex"),
    ]

    operations = [
        migrations.CreateModel(
            name="PageFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("object_id", models.BigIntegerField()),
                (
                    "page",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "file on a page",
                "verbose_name_plural": "files on pages",
                "constraints": [
                    models.UniqueConstraint(fields=["kind", "object_id", "page"], name="page_file_once")
                ],
            },
        ),
        migrations.RunPython(note_files, migrations.RunPython.noop),
    ]
