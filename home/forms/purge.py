"""Dropping what nobody came back for."""

from __future__ import annotations

from django.utils import timezone

from .anonymous import forget_keys
from .files import DRAFT_LIFE, purge_drafts
from .letters import drop_undeliverable
from .models import Stash, Submission
from .submissions import words_of

#: So many answers are made findable in one night.
INDEXED = 5_000


def purge() -> int:
    """Delete drafts of files and kept posts that are older than seven days, and what else has served its purpose.

    Returns how many files.
    """
    forget_keys()
    drop_undeliverable()
    index_words()
    Stash.objects.filter(created_at__lt=timezone.now() - DRAFT_LIFE).delete()
    return purge_drafts()


def index_words() -> int:
    """Make answers from before there was a search findable, some thousands at a time. Returns how many."""
    unread = Submission.objects.filter(words="", purged_at=None).exclude(answers={})
    found = list(unread.select_related("schema", "by").order_by("-pk")[:INDEXED])
    for submission in found:
        submission.words = words_of(submission.schema, submission.answers, by=submission.by)
    Submission.objects.bulk_update(found, ["words"], batch_size=200)
    return len(found)
