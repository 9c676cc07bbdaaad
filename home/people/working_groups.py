"""Working groups (tổ công tác): people of several departments with a mandate and an end."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from .remembering import RenewingQuerySet
from .text import nfc


class WorkingGroupQuerySet(RenewingQuerySet):
    """Look-ups of working groups."""

    def running(self, day: date | None = None) -> WorkingGroupQuerySet:
        """Return those that work on this day (today)."""
        on = day or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)

    def visible_to(self, user: Any) -> WorkingGroupQuerySet:
        """Return those that this person may know of: open ones, those in which the person is or was, and all for
        whoever keeps them.
        """
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        if user.has_perm("people.change_workinggroup"):
            return self.all()
        mine = GroupMember.objects.filter(user=user).order_by().values("group")
        return self.filter(Q(is_open=True) | Q(pk__in=mine))


class WorkingGroup(models.Model):
    """One working group. While it runs, its members hold the role `team:<id>`."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    mandate = RichTextField(_("mandate"), blank=True, features=["bold", "italic", "ul", "ol"])
    decision = models.CharField(
        _("set up by"),
        max_length=200,
        blank=True,
        help_text=_("For example: Decision No. 12/QĐ-UBND of 5/1/2026."),
    )
    department = models.ForeignKey(
        "people.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="working_groups",
        verbose_name=_("standing department"),
    )
    since = models.DateField(_("from"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)
    is_open = models.BooleanField(
        _("everyone may see it"),
        default=True,
        help_text=_("Otherwise only its members know that it exists."),
    )

    objects: ClassVar = WorkingGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="group_ends_after_start",
                violation_error_message=_("The end lies before the beginning."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Normalise the name, and refuse an end before the beginning."""
        self.name, self.decision = nfc(self.name), nfc(self.decision)
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("The end lies before the beginning.")})

    def state_on(self, day: date) -> str:
        """Return `planned`, `running` or `over`."""
        if self.since > day:
            return "planned"
        return "over" if self.until is not None and self.until < day else "running"


class GroupMember(models.Model):
    """A person in a working group; who has left stays known."""

    class Role(models.TextChoices):
        """What the person is in the group."""

        LEAD = "lead", _("leader")
        DEPUTY = "deputy", _("deputy leader")
        SECRETARY = "secretary", _("secretary")
        MEMBER = "member", _("member")

    group = models.ForeignKey(
        WorkingGroup, models.CASCADE, related_name="members", verbose_name=_("working group")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="working_groups", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    task = models.CharField(_("task in the group"), max_length=200, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects: ClassVar = RenewingQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a working group")
        verbose_name_plural = _("members of working groups")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "user"],
                name="group_member_once",
                violation_error_message=_("This person already is in this group."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.group}"


def memberships_on(day: date) -> models.QuerySet[GroupMember]:
    """Return who is in which group that runs on this day: who left that day is no longer in it."""
    there = Q(left_on__isnull=True) | Q(left_on__gt=day)
    ends = Q(group__until__isnull=True) | Q(group__until__gte=day)
    return GroupMember.objects.filter(there, ends, group__since__lte=day)
