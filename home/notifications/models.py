"""What each person was told, how it left by other channels, and what they wish to get."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .kinds import Words, hidden, unmutable, withdrawn_words, words

#: What preferences call the bell, the mail that leaves at once, and the mail that gathers.
BELL, MAIL, DIGEST = "bell", "mail", "digest"


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Look-ups of notifications."""

    def visible_to(self, user: Any) -> NotificationQuerySet:
        """Return those of this person: nobody reads another's."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(recipient=user)

    def in_bell_of(self, user: Any) -> NotificationQuerySet:
        """Return those that this person's bell shows: all but the kinds that were switched off for it."""
        return self.visible_to(user).shown_to(user.pk)

    def shown_to(self, person: int | None) -> NotificationQuerySet:
        """Leave out the kinds that stand in no bell, and those that this person has switched off."""
        off = Preference.objects.filter(user=person, channel=BELL, enabled=False)
        muted = off.exclude(kind__in=unmutable()).order_by().values("kind")
        return self.exclude(kind__in=hidden()).exclude(kind__in=muted)

    def unread(self) -> NotificationQuerySet:
        """Return those not yet read."""
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One line in one person's bell; `params` are plain JSON, said in the reader's language when shown."""

    # No index of its own: SQLite would count the unread by it, through all that somebody ever got.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("person"),
        db_index=False,
    )
    kind = models.CharField(_("kind"), max_length=80)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    url = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    key = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    #: When deliveries by other channels were planned; empty is the outbox.
    planned_at = models.DateTimeField(null=True, blank=True)

    #: Whether what it is about is closed to its reader now (`kinds.withhold` finds out).
    withdrawn = False

    objects: ClassVar[Any] = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "key"], condition=~Q(key=""), name="notification_key_once"
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notification_mine"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notification_unread"),
            models.Index(fields=["id"], condition=Q(planned_at__isnull=True), name="notification_outbox"),
        ]

    def __str__(self) -> str:
        return self.words.subject

    @property
    def words(self) -> Words:
        """Return subject, body and icon in the active language."""
        return withdrawn_words() if self.withdrawn else words(self.kind, self.params)


class Delivery(models.Model):
    """One notification on its way by one channel: sent once, retried while the channel fails."""

    class State(models.TextChoices):
        """Where it is."""

        PENDING = "pending", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        SKIPPED = "skipped", _("not needed any more")
        HELD = "held", _("waits for the digest")

    notification = models.ForeignKey(
        Notification, models.CASCADE, related_name="deliveries", verbose_name=_("notification")
    )
    channel = models.CharField(_("channel"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    #: The earliest next attempt; while `sending`, the end of the sender's lease.
    next_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claim = models.UUIDField(null=True, blank=True, db_index=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["notification", "channel"], name="delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(state__in=["pending", "sending"]), name="delivery_due"
            ),
            models.Index(fields=["notification"], condition=Q(state="held"), name="delivery_held"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.notification}"

    def recipient(self) -> str:
        """Return whom it goes to."""
        return str(self.notification.recipient)

    recipient.short_description = _("person")  # type: ignore[attr-defined]


class Preference(models.Model):
    """Whether one person gets one kind by one channel; without a row the channel's default holds.

    `channel` is the code of a channel, `bell` or `digest`. In the digest, `kind` may also be the code of a section.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=80)
    channel = models.CharField(max_length=40)
    enabled = models.BooleanField()

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}, {self.channel}"


class ReaderRhythm(models.Model):
    """When one person wants to be reached: quiet hours, and when the digest comes. Without a row nothing is quiet, and
    no digest comes.
    """

    class Rhythm(models.TextChoices):
        """How often the digest comes."""

        DAILY = "daily", _("every working day")
        WEEKLY = "weekly", _("every Monday")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", primary_key=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("until"), null=True, blank=True)
    quiet_weekends = models.BooleanField(_("quiet on Saturdays and Sundays"), default=False)
    digest = models.CharField(
        _("the digest comes"), max_length=10, choices=Rhythm.choices, default=Rhythm.DAILY
    )
    digest_at = models.TimeField(_("at"), default=time(7, 30))
    #: When the next one is due; empty as long as nothing is wanted in it.
    next_digest_at = models.DateTimeField(null=True, blank=True, db_index=True)
    #: Up to where the last one reached.
    digested_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("rhythm of a reader")
        verbose_name_plural = _("rhythms of readers")

    def __str__(self) -> str:
        return f"{self.user}: {self.digest}"
