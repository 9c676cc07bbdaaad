"""Places that begin or end by date: nothing is saved on that day, and yet people are found under them."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from home.base.api import put_in_index
from home.people.api import Membership, User

#: So many days are looked back, in case the scheduler stood still.
DAYS = 7


def renew_places() -> int:
    """Write the entries of people anew whose places have begun or ended lately; return how many."""
    today = timezone.localdate()
    begun = Q(since__range=(today - timedelta(days=DAYS), today))
    ended = Q(until__range=(today - timedelta(days=DAYS + 1), today - timedelta(days=1)))
    holders = Membership.objects.filter(begun | ended).order_by().values("user")
    return put_in_index(User.objects.filter(pk__in=holders))
