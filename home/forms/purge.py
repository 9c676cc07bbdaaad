"""Dropping what nobody came back for."""

from __future__ import annotations

from django.utils import timezone

from .files import DRAFT_LIFE, purge_drafts
from .models import Stash


def purge() -> int:
    """Delete drafts of files and kept posts that are older than seven days. Returns how many files."""
    Stash.objects.filter(created_at__lt=timezone.now() - DRAFT_LIFE).delete()
    return purge_drafts()
