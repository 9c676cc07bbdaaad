"""Dropping what nobody came back for."""

from __future__ import annotations

from django.utils import timezone

from .anonymous import forget_keys
from .files import DRAFT_LIFE, purge_drafts
from .letters import drop_undeliverable
from .models import Stash


def purge() -> int:
    """Delete drafts of files and kept posts that are older than seven days, and what else has served its purpose.

    Returns how many files.
    """
    forget_keys()
    drop_undeliverable()
    Stash.objects.filter(created_at__lt=timezone.now() - DRAFT_LIFE).delete()
    return purge_drafts()
