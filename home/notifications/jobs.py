"""Scheduled jobs of this room."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plugins.api.api import Job, jobs

from .delivery import deliver_due
from .digest import send_due_digests
from .kinds import hidden
from .models import Notification

#: How long notifications are kept after they were read.
KEEP_READ = timedelta(days=180)
PURGE_BATCH = 2000


def purge_read() -> int:
    """Delete notifications that were read long ago, in small transactions; return how many."""
    limit = timezone.now() - KEEP_READ
    purged = 0
    while True:
        done = Q(read_at__lt=limit) | Q(kind__in=hidden(), created_at__lt=limit)
        old = Notification.objects.filter(done, planned_at__isnull=False).order_by()
        found = list(old.values_list("pk", flat=True)[:PURGE_BATCH])
        if not found:
            return purged
        Notification.objects.filter(pk__in=found).delete()
        purged += len(found)


# The worker is told after each commit; this sweep finds what a killed process left, and what is due again.
jobs.register(Job("notifications.deliver", "* * * * *", deliver_due, _("Send e-mail that waits")))
jobs.register(Job("notifications.digest", "*/5 * * * *", send_due_digests, _("Send digests that are due")))
jobs.register(Job("notifications.purge", "30 2 * * *", purge_read, _("Delete notifications read long ago")))
