"""The part of the tree that belongs to a department, and who writes and approves there."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from home.people.api import (
    Department,
    Membership,
    User,
    UserQuerySet,
    is_office_admin,
    remembered,
    roles_of,
)


class KnownSection(NamedTuple):
    """What every page asks about a section; one row for each of its administrators."""

    path: str
    department_id: int
    administrator_id: int | None


def known_sections(user: Any) -> tuple[KnownSection, ...]:
    """Return all sections, for the menu and the lists of `user`: one query, none while nothing changes."""
    names = ("page__path", "department_id", "administrators")

    def read() -> tuple[KnownSection, ...]:
        rows = DepartmentSection.objects.order_by().values_list(*names)
        return tuple(KnownSection(*row) for row in rows)

    return remembered(user, "department sections", read)


def headed_by(user: Any) -> frozenset[int]:
    """Return the departments that the person heads, as head or deputy."""
    roles = (role.split(":") for role in roles_of(user) if role.startswith(("head:", "deputy:")))
    return frozenset(int(pk) for _kind, pk in roles)


def looks_after_sections(user: Any) -> bool:
    """Tell whether `administered_by` holds any section for the person, or may: administrators open them."""
    if is_office_admin(user):
        return True
    headed = headed_by(user)
    return any(one.department_id in headed or one.administrator_id == user.pk for one in known_sections(user))


class SectionQuerySet(models.QuerySet["DepartmentSection"]):
    """Look-ups of sections."""

    def administered_by(self, user: Any) -> SectionQuerySet:
        """Return those whose people `user` looks after: all for administrators of the office; else those of
        departments that the person heads, and those to which the person was named as administrator.
        """
        if is_office_admin(user):
            return self
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        headed = headed_by(user)
        named = self.model.administrators.through.objects.filter(user=user.pk)
        return self.filter(Q(department__in=headed) | Q(pk__in=named.values("departmentsection")))


class DepartmentSection(models.Model):
    """Where a department publishes by itself: pages below `page`, files in `collection`.

    Editors write and submit what they wrote; approvers change everything there, and publish.
    """

    department = models.OneToOneField(
        "people.Department", models.PROTECT, related_name="section", verbose_name=_("department")
    )
    #: Whoever deletes the page closes the section.
    page = models.OneToOneField("base.BasePage", models.CASCADE, related_name="+", verbose_name=_("page"))
    collection = models.OneToOneField(
        "wagtailcore.Collection", models.SET_NULL, null=True, related_name="+", verbose_name=_("collection")
    )
    editors = models.OneToOneField(Group, models.CASCADE, related_name="+", verbose_name=_("editors"))
    approvers = models.OneToOneField(Group, models.CASCADE, related_name="+", verbose_name=_("approvers"))
    administrators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        verbose_name=_("administrators"),
        help_text=_("They add members and editors of this department, besides its head and deputies."),
    )

    objects: ClassVar[Any] = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("section of a department")
        verbose_name_plural = _("sections of departments")
        ordering = ["department__tree_order"]

    def __str__(self) -> str:
        return str(self.department)

    def people(self) -> UserQuerySet:
        """Return those who belong to the department or to a part of it today: who may write here."""
        below = Membership.objects.current().filter(department__path__contains=f"/{self.department_id}/")
        return User.objects.active().filter(pk__in=below.order_by().values("user"))

    def heads(self) -> UserQuerySet:
        """Return head and deputies of today."""
        places = Membership.objects.current().filter(department=self.department_id)
        leading = places.filter(role__in=[Membership.Role.HEAD, Membership.Role.DEPUTY])
        return User.objects.active().filter(pk__in=leading.order_by().values("user"))


def departments_without_section() -> models.QuerySet[Department]:
    """Return the active departments that have no section yet, in the order of the tree."""
    return Department.objects.filter(is_active=True, section__isnull=True).order_by("tree_order", "pk")
