"""What the wizard has been told so far."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.core.files.storage import Storage, storages
from django.db import models


def draft_storage() -> Storage:
    """Return where files wait until the office is opened: out of reach of the web server."""
    return storages["private"]


def draft_path(_draft: SetupDraft, _name: str) -> str:
    """Return a new name each time: a file is never written over."""
    return f"setup/{secrets.token_hex(16)}"


class SetupDraft(models.Model):
    """The one row of the wizard; it goes when the office is opened.

    The token is computed from `nonce`, and so stands in no table; `holder` names the browser that has used it.
    `answers` holds what each finished step has been told, by the code of the step.
    """

    nonce = models.CharField(max_length=64)
    holder = models.CharField(max_length=64, blank=True)
    answers = models.JSONField(default=dict)
    logo = models.FileField(storage=draft_storage, upload_to=draft_path, blank=True, max_length=200)
    people = models.FileField(storage=draft_storage, upload_to=draft_path, blank=True, max_length=200)

    objects: ClassVar[models.Manager[SetupDraft]] = models.Manager()

    def __str__(self) -> str:
        return f"{len(self.answers)} steps"
