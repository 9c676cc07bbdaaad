"""Registers and the numbers given out."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Register(models.Model):
    """The last number of one register in one year (sổ); the row is the lock that keeps numbers without gaps."""

    code = models.CharField(_("register"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="register_year")]

    def __str__(self) -> str:
        return f"{self.code} {self.year}"


class RegisterEntry(models.Model):
    """One number that was given out. A voided number stays, with its reason (Nghị định 30/2020/NĐ-CP, Điều 15)."""

    register = models.CharField(_("register"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    symbol = models.CharField(_("number and symbol"), max_length=60)
    #: Whose number it is: `dossier:5`, a step of it, and inside *each* blocks for whom (`dossier:5:issue:dept:3`).
    holder = models.CharField(max_length=200, db_index=True)
    taken_at = models.DateTimeField(_("taken at"), default=timezone.now)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)
    void_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("register entry")
        verbose_name_plural = _("register entries")
        ordering = ["register", "-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["register", "year", "number"], name="register_number_once")
        ]

    def __str__(self) -> str:
        return self.symbol
