"""The audit trail: entries in a hash chain, and the one row that knows where the chain ends."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .canonical import CanonicalJSONField, hash_of


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or remove what has been recorded."""

    def __init__(self) -> None:
        super().__init__(
            "The audit trail is append-only: record() adds entries, and nothing changes or removes them."
        )


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reads entries; every way of writing is refused, `record()` has its own."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError


class Entry(models.Model):
    """One act: who did what to which thing, when, and the hash that ties it to the entry before.

    Make one without saving it, and hand it to `record()`. `target` is `<kind>:<id>`; `data` is plain JSON.
    """

    seq = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("time"), db_index=True)
    verb = models.CharField(_("act"), max_length=100, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("on behalf of")
    )
    target = models.CharField(_("concerns"), max_length=100, db_index=True)
    label = models.CharField(_("description"), max_length=300, blank=True)
    data = CanonicalJSONField(_("details"), default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects: ClassVar = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.target}"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: `record()` is the only way in."""
        raise AppendOnlyError

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError

    def content(self) -> dict[str, Any]:
        """Return what the hash is taken over: every column but the hash itself."""
        return {
            "seq": self.seq,
            "at": self.at,
            "verb": self.verb,
            "by": self.by_id,
            "on_behalf_of": self.on_behalf_of_id,
            "target": self.target,
            "label": self.label,
            "data": self.data,
            "previous": self.previous,
        }

    def computed_hash(self) -> str:
        """Return the hash that the content calls for."""
        return hash_of(self.content())


class ChainHead(models.Model):
    """Where the chain ends: number and hash of the last entry. One row, locked while entries are added."""

    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("end of the audit trail")
        verbose_name_plural = _("end of the audit trail")

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"
