"""Users, the department tree, positions and memberships."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who works here. People are deactivated, never deleted: history names them."""

    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi"
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["first_name", "last_name", "pk"]

    def get_full_name(self) -> str:
        """Return the name in Vietnamese order: family name first."""
        return f"{self.last_name} {self.first_name}".strip() or self.username

    def __str__(self) -> str:
        return self.get_full_name()


class Department(models.Model):
    """One unit of the office (phòng ban, đơn vị); `path` holds the ids from the root, `/1/5/`."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    path = models.CharField(max_length=200, db_index=True, editable=False, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Position(models.Model):
    """A post that people hold in departments (chức vụ); a lower `rank` stands higher."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    rank = models.PositiveSmallIntegerField(_("rank"), default=100)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["rank", "name"]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Look-ups of memberships."""

    def current(self) -> MembershipQuerySet:
        """Return those that hold today, of active people in active departments."""
        today = timezone.localdate()
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=today),
            Q(until__isnull=True) | Q(until__gte=today),
            user__is_active=True,
            department__is_active=True,
        )


class Membership(models.Model):
    """A person's place in a department; a person may hold several."""

    class Role(models.TextChoices):
        """What the person is to the department."""

        MEMBER = "member", _("member")
        DEPUTY = "deputy", _("deputy head")
        HEAD = "head", _("head")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="memberships", verbose_name=_("department")
    )
    position = models.ForeignKey(
        Position, models.PROTECT, related_name="memberships", verbose_name=_("position")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    is_primary = models.BooleanField(_("main place"), default=True)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["-is_primary", "position__rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "department", "position"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.position}, {self.department}"

    def clean(self) -> None:
        """Refuse a membership that ends before it begins."""
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("The end lies before the beginning.")})
