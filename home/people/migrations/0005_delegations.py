"""Delegations, authorities to sign, and the rows that writers under one rule wait for."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_stamps"),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleLock",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("matters", models.JSONField(blank=True, default=list, verbose_name="matters")),
                ("since", models.DateField(verbose_name="from")),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="made at"
                    ),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="revoked at"),
                ),
                ("until", models.DateField(verbose_name="until")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "delegate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_received",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="stand-in",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "principal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_given",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person who is away",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="revoked by",
                    ),
                ),
            ],
            options={
                "verbose_name": "delegation",
                "verbose_name_plural": "delegations",
                "ordering": ["-since", "-pk"],
                "indexes": [
                    models.Index(fields=["principal", "until"], name="delegation_principal"),
                    models.Index(fields=["delegate", "until"], name="delegation_delegate"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))),
                        name="delegation_ends_after_start",
                        violation_error_message="The end lies before the beginning.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("principal", models.F("delegate")), _negated=True),
                        name="delegation_to_another",
                        violation_error_message="Nobody stands in for themselves. Choose another person.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SigningAuthority",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("matters", models.JSONField(blank=True, default=list, verbose_name="matters")),
                ("since", models.DateField(verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="made at"
                    ),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="revoked at"),
                ),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("KT", "KT. – signs in the place of (deputy)"),
                            ("TL", "TL. – signs by order of"),
                            ("TUQ", "TUQ. – signs by written authorisation of"),
                        ],
                        max_length=3,
                        verbose_name="capacity",
                    ),
                ),
                (
                    "document",
                    models.CharField(
                        blank=True,
                        help_text="Number and date of the decision or letter that gives the authority.",
                        max_length=200,
                        verbose_name="document",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        help_text="This department and those below it. Empty: the whole office.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                        verbose_name="only for",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signing_authorities",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="holder",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signed_for_by",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signs for",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        blank=True,
                        help_text="Stands behind the capacity, as in “KT. CHỦ TỊCH”. Without one: that person's highest position.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.position",
                        verbose_name="represented position",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="revoked by",
                    ),
                ),
            ],
            options={
                "verbose_name": "authority to sign",
                "verbose_name_plural": "authorities to sign",
                "ordering": ["-since", "-pk"],
                "indexes": [models.Index(fields=["holder", "since"], name="authority_holder")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="authority_ends_after_start",
                        violation_error_message="The end lies before the beginning.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("holder", models.F("on_behalf_of")), _negated=True),
                        name="authority_of_another",
                        violation_error_message="Nobody signs for themselves. Choose another person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("capacity", "TUQ"), _negated=True),
                            ("until__isnull", False),
                            _connector="OR",
                        ),
                        name="authority_tuq_ends",
                        violation_error_message="An authority TUQ. is limited in time: give the last day.",
                    ),
                ],
            },
        ),
    ]
