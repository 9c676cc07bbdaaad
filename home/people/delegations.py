"""Delegation (ủy quyền khi đi vắng): who stands in for whom, from when until when, in which matters."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from . import delegation_rules
from .mandates import Mandate, MandateQuerySet

#: Sent after the commit that made, changed or revoked a delegation: `sender=Delegation, delegation=…`.
#: What a receiver raises is logged; the delegation stands.
delegation_changed = Signal()


class Delegation(Mandate):
    """`delegate` stands in for `principal` on these days; not passed on by the delegate's own delegations."""

    principal = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="delegations_given",
        verbose_name=_("person who is away"),
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="delegations_received",
        verbose_name=_("stand-in"),
    )
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects: ClassVar = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="delegation_ends_after_start",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(
                condition=~Q(principal=F("delegate")),
                name="delegation_to_another",
                violation_error_message=_("Nobody stands in for themselves. Choose another person."),
            ),
        ]
        indexes = [
            models.Index(fields=["principal", "until"], name="delegation_principal"),
            models.Index(fields=["delegate", "until"], name="delegation_delegate"),
        ]

    def __str__(self) -> str:
        return f"{self.principal} → {self.delegate}, {self.since:%d/%m/%Y} – {self.until:%d/%m/%Y}"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store; raises `ValidationError` like `clean()`, also when two people save at the same moment."""
        self.normalise("reason")
        if self.revoked_at is None:
            delegation_rules.lock_for_check(self)
            delegation_rules.check_delegation(self)
        super().save(*args, **kwargs)
        self._forget()
        transaction.on_commit(self._tell, robust=True)

    def clean(self) -> None:
        """Refuse what the rules forbid (`delegation_rules.py`)."""
        self.normalise("reason")
        delegation_rules.check_delegation(self)

    def _tell(self) -> None:
        delegation_changed.send(sender=Delegation, delegation=self)

    def _forget(self) -> None:
        """Make the loaded stand-in see the change."""
        if "delegate" in self._state.fields_cache:
            self.delegate.forget_places()
