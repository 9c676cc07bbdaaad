"""What became of departments: former names, and what went into what."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .text import fold

if TYPE_CHECKING:
    from .models import Department


class DepartmentEvent(models.Model):
    """One change of a department, with the name and code that it had before. Rows are only ever added."""

    class Kind(models.TextChoices):
        """What happened."""

        RENAMED = "renamed", _("renamed")
        MERGED = "merged", _("merged")

    department = models.ForeignKey(
        "people.Department", models.CASCADE, related_name="events", verbose_name=_("department")
    )
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name before"), max_length=200)
    code = models.CharField(_("code before"), max_length=20, db_index=True)
    into = models.ForeignKey(
        "people.Department",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="taken_in",
        verbose_name=_("into"),
    )
    on = models.DateField(_("on"), default=timezone.localdate)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    note = models.CharField(_("decision"), max_length=300, blank=True)

    objects: ClassVar[models.Manager[DepartmentEvent]] = models.Manager()

    class Meta:
        verbose_name = _("change of a department")
        verbose_name_plural = _("changes of departments")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_kind_display()}"


def note_rename(department: Department, was: tuple[str, str] | None) -> None:
    """Keep the former name and code if they differ by more than spelling; `was` is None for a new department."""
    if was is None or all(
        fold(old) == fold(new) for old, new in zip(was, (department.name, department.code), strict=True)
    ):
        return
    DepartmentEvent.objects.create(
        department=department,
        kind=DepartmentEvent.Kind.RENAMED,
        name=was[0],
        code=was[1],
        by=department.changed_by,
        note=department.change_note[:300],
    )
