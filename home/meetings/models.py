"""Rooms, meetings and the secret address of each person's calendar feed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from home.base.api import new_token
from home.people.api import department_ids_of, is_office_admin


class Room(models.Model):
    """A place that can be booked."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    capacity = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    equipment = models.TextField(_("equipment"), blank=True)
    is_active = models.BooleanField(_("can be booked"), default=True)

    class Meta:
        verbose_name = _("meeting room")
        verbose_name_plural = _("meeting rooms")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Look-ups of meetings."""

    def concerning(self, user: Any) -> MeetingQuerySet:
        """Return those that the person takes part in, organises, or that are for the whole office."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.concerning_one(user.pk, department_ids_of(user))

    def concerning_one(self, person: Any, departments: Iterable[int]) -> MeetingQuerySet:
        """Return those of an active person (primary key) in these departments."""
        named = Meeting.people.through.objects.filter(meeting=OuterRef("pk"), user=person)
        invited = Meeting.departments.through.objects.filter(
            meeting=OuterRef("pk"), department__in=list(departments)
        )
        announced = ~Q(status=Meeting.Status.DRAFT)
        taking_part = Q(office_wide=True) | Q(chair=person) | Q(Exists(named)) | Q(Exists(invited))
        return self.filter((announced & taking_part) | Q(organiser=person))

    def visible_to(self, user: Any) -> MeetingQuerySet:
        """Return those that the person may know of; administrators of the office see all."""
        return self.all() if is_office_admin(user) else self.concerning(user)

    def editable_by(self, user: Any) -> MeetingQuerySet:
        """Return those that the person may change: their own, and all for administrators."""
        if is_office_admin(user):
            return self.all()
        return self.filter(organiser=user) if user.is_authenticated and user.is_active else self.none()

    def scheduled(self) -> MeetingQuerySet:
        """Return those that take place: they hold their room."""
        return self.filter(status=Meeting.Status.SCHEDULED)

    def between(self, start: datetime, end: datetime) -> MeetingQuerySet:
        """Return those that share any time with the stretch from `start` to `end`."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class Meeting(models.Model):
    """One meeting: a draft is its organiser's own, a scheduled one holds its room, a cancelled one stays."""

    class Status(models.TextChoices):
        """How far it is."""

        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        CANCELLED = "cancelled", _("cancelled")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(pgettext_lazy("meeting", "subject"), max_length=300)
    agenda = models.TextField(_("agenda"), blank=True)
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("room")
    )
    place = models.CharField(_("other place"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("chaired by")
    )
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("people invited")
    )
    departments = models.ManyToManyField(
        "people.Department", blank=True, related_name="+", verbose_name=_("departments invited")
    )
    office_wide = models.BooleanField(_("in the schedule of the whole office"), default=False)
    preparation = models.CharField(_("prepared by"), max_length=300, blank=True)
    organiser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("organised by")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.SCHEDULED)
    cancel_reason = models.CharField(_("reason"), max_length=300, blank=True)
    #: How often it was changed after it was announced (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start")
        ]
        indexes = [
            models.Index(fields=["starts_at", "ends_at"], name="meeting_time"),
            models.Index(fields=["room", "starts_at"], name="meeting_room_time"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the meeting's page."""
        return reverse("meetings:meeting", args=[self.pk])

    def clean(self) -> None:
        """Refuse a meeting that ends before it begins."""
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The end must be after the beginning.")})

    @property
    def where(self) -> str:
        """Return the room or the other place."""
        return " – ".join(filter(None, [self.room.name if self.room else "", self.place]))

    @property
    def participants(self) -> str:
        """Return departments and people invited in one line, in the active language (both prefetched)."""
        whole = [gettext("Whole office")] if self.office_wide else []
        return "; ".join([*whole, *map(str, self.departments.all()), *map(str, self.people.all())])

    @property
    def was_changed(self) -> bool:
        """Return whether it differs from what was announced first."""
        return self.sequence > 0 and self.status == self.Status.SCHEDULED


class CalendarFeed(models.Model):
    """The secret address under which a calendar program reads a person's meetings without logging in."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token = models.CharField(max_length=64, unique=True, default=new_token)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.user)
