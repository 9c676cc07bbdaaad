"""What delegations and authorities to sign have in common: days, matters, and an end that leaves a trace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .matters import Codes, codes_of, covers
from .remembering import RenewingQuerySet
from .text import nfc


class RevokeInsteadError(ProtectedError):
    """Delegations and authorities are revoked, never deleted: decisions refer to them."""


def _refuse_deletion(rows: Iterable[models.Model]) -> NoReturn:
    raise RevokeInsteadError(
        gettext("This is never deleted, because decisions refer to it. Revoke it instead."), set(rows)
    )


class MandateQuerySet(RenewingQuerySet):
    """Look-ups of mandates."""

    def unrevoked(self) -> MandateQuerySet:
        """Return those that nobody has revoked."""
        return self.filter(revoked_at__isnull=True)

    def valid_on(self, day: date) -> MandateQuerySet:
        """Return the unrevoked ones whose days hold `day`, whoever the people are."""
        return self.overlapping(day, day)

    def overlapping(self, since: date, until: date | None) -> MandateQuerySet:
        """Return the unrevoked ones that share at least one day with this span (None: open end)."""
        found = self.unrevoked().filter(Q(until__isnull=True) | Q(until__gte=since))
        return found if until is None else found.filter(since__lte=until)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse (see `RevokeInsteadError`), unless there is nothing to delete."""
        if self.exists():
            _refuse_deletion(self)
        return 0, {}


class Mandate(models.Model):
    """Something given to a person from one day to another, both included, in the office's time zone."""

    class State(models.TextChoices):
        """Where it stands today."""

        PLANNED = "planned", pgettext_lazy("mandate", "planned")
        RUNNING = "running", pgettext_lazy("mandate", "running")
        OVER = "over", pgettext_lazy("mandate", "over")
        REVOKED = "revoked", pgettext_lazy("mandate", "revoked")

    #: Stable codes (`matters.py`), sorted; an empty list means all matters.
    matters = models.JSONField(_("matters"), default=list, blank=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    class Meta:
        abstract = True

    @property
    def codes(self) -> Codes:
        """Return the codes of the matters; None stands for all."""
        return codes_of(self.matters)

    @property
    def state(self) -> State:
        """Return where it stands today."""
        return self.state_on(timezone.localdate())

    def state_on(self, day: date) -> State:
        """Return where it stands on a day."""
        if self.revoked_at is not None:
            return self.State.REVOKED
        if day < self.since:
            return self.State.PLANNED
        return self.State.OVER if self.until is not None and day > self.until else self.State.RUNNING

    @property
    def may_be_revoked(self) -> bool:
        """Tell whether there is anything left to revoke."""
        return self.state in {self.State.PLANNED, self.State.RUNNING}

    def covers(self, matter: str) -> bool:
        """Tell whether it is given for this matter; "" (none in particular) is covered by all matters only."""
        return covers(self.codes, matter)

    def normalise(self, *texts: str) -> None:
        """Bring the matters and the named text columns to their stored form."""
        if isinstance(self.matters, list | tuple | set | frozenset):
            self.matters = sorted({str(code) for code in self.matters})
        for name in texts:
            setattr(self, name, nfc(getattr(self, name)))

    def revoke(self, *, by: Any) -> None:
        """End it at once and store that; nothing happens when it is revoked already."""
        if self.revoked_at is None:
            self.revoked_at, self.revoked_by = timezone.now(), by
            self.save(update_fields=["revoked_at", "revoked_by"])

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse (see `RevokeInsteadError`)."""
        _refuse_deletion([self])


def check_days(since: date | None, until: date | None) -> None:
    """Raise `ValidationError` on `until` for an end before the beginning, or a time that is over already."""
    if until is None:
        return
    if since is not None and until < since:
        raise ValidationError({"until": gettext("The end lies before the beginning.")})
    if until < timezone.localdate():
        raise ValidationError({"until": gettext("These days are over. The last day must be today or later.")})
