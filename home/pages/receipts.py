"""Who has confirmed which notice: one row each time that a person pressed “read and understood”."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plugins.api.api import EXAMPLE_KEY, Prepared


class ReceiptQuerySet(models.QuerySet["NoticeReceipt"]):
    """Look-ups of receipts."""

    def of_notice(self, notice: Any) -> ReceiptQuerySet:
        """Return those that count today: of the round in which the notice is."""
        return self.filter(notice=notice, round=notice.reading_round)


class NoticeReceipt(models.Model):
    """One confirmation. `revision` is the text that was confirmed; a later round leaves earlier receipts alone."""

    notice = models.ForeignKey(
        "pages.NoticePage", models.CASCADE, related_name="receipts", verbose_name=_("notice")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    round = models.PositiveIntegerField(_("round"), default=1)
    revision = models.ForeignKey("wagtailcore.Revision", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("confirmed at"), default=timezone.now)

    objects: ClassVar[Any] = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [
            models.UniqueConstraint(fields=["notice", "round", "user"], name="notice_receipt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.notice}"


def has_confirmed(user: Any) -> Exists:
    """Return the condition on notices that `user` has confirmed in their present round."""
    rows = NoticeReceipt.objects.filter(notice=OuterRef("pk"), round=OuterRef("reading_round"), user=user.pk)
    return Exists(rows)


def confirmed(notice: Any) -> Exists:
    """Return the condition on people who have confirmed `notice` in its present round."""
    return Exists(NoticeReceipt.objects.of_notice(notice).filter(user=OuterRef("pk")))


def last_receipt(user: Any) -> int:
    """Return the key of the newest receipt of `user`, 0 where there is none: another one, another list to read."""
    rows = _newest.rows(user.pk) if user.pk else []
    return rows[0][0] if rows else 0


_newest: Prepared[NoticeReceipt] = Prepared(
    lambda person: NoticeReceipt.objects.filter(user=person).order_by("-pk").values_list("pk")[:1],
    EXAMPLE_KEY,
)
