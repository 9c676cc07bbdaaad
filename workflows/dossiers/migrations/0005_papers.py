"""Templates of papers, their versions, and the papers made of them; the office itself may attach a file."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import workflows.dossiers.models.papers


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0004_lists"),
        ("people", "0005_delegations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="attachment",
            name="added_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="PaperTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("title_en", models.CharField(blank=True, max_length=200, verbose_name="title in English")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("docx", "Word template, gives a Word document"),
                            ("typst", "Typst template, gives a PDF"),
                        ],
                        default="docx",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Flows that are published already go on with the version that they were published with.",
                        verbose_name="offered to new flows",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_templates",
                        to="people.department",
                        verbose_name="department",
                    ),
                ),
            ],
            options={
                "verbose_name": "paper template",
                "verbose_name_plural": "paper templates",
                "ordering": ["title", "code"],
            },
        ),
        migrations.CreateModel(
            name="PaperTemplateVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                (
                    "file",
                    models.FileField(
                        max_length=200,
                        storage=workflows.dossiers.models.papers.template_storage,
                        upload_to=workflows.dossiers.models.papers.template_path,
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("size", models.BigIntegerField(verbose_name="size")),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("names", models.JSONField(default=list)),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "uploaded_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="uploaded at"),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="dossiers.papertemplate",
                        verbose_name="template",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a paper template",
                "verbose_name_plural": "versions of paper templates",
                "ordering": ["template", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.CharField(max_length=60)),
                ("item", models.CharField(blank=True, max_length=200)),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("replaced_at", models.DateTimeField(blank=True, null=True, verbose_name="replaced at")),
                ("errand", models.UUIDField(editable=False, unique=True)),
                ("task_id", models.BigIntegerField(db_index=True, null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made at")),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper",
                        to="dossiers.attachment",
                        verbose_name="attachment",
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="dossiers.dossier",
                        verbose_name="dossier",
                    ),
                ),
                (
                    "template_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="dossiers.papertemplateversion",
                        verbose_name="version of a paper template",
                    ),
                ),
            ],
            options={
                "verbose_name": "paper",
                "verbose_name_plural": "papers",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="papertemplateversion",
            constraint=models.UniqueConstraint(fields=("template", "number"), name="paper_template_version"),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                fields=("dossier", "step", "item", "number"), name="paper_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="paper_number_from_one"
            ),
        ),
    ]
