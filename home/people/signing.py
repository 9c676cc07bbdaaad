"""Authorities to sign for somebody else (Decree 30/2020/NĐ-CP, article 13): KT., TL. and TUQ."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import signing_rules
from .mandates import Mandate, MandateQuerySet


def _places_of_today() -> models.QuerySet[Any]:
    """Return what people are today, the highest position first."""
    from .models import Membership

    held = Membership.objects.on(timezone.localdate()).select_related("position")
    return held.order_by("position__rank", "-is_primary", "pk")


class AuthorityQuerySet(MandateQuerySet):
    """Look-ups of authorities to sign."""

    def with_places_represented(self) -> AuthorityQuerySet:
        """Load what `words()` needs with the rows: one query more, whatever their number."""
        places = models.Prefetch(
            "on_behalf_of__memberships", queryset=_places_of_today(), to_attr="places_of_today"
        )
        return self.prefetch_related(places)


class SigningAuthority(Mandate):
    """`holder` signs in the place or by order of `on_behalf_of`.

    An authority that was given in writing for some time and some matters (TUQ) is not given on by its holder.
    """

    class Capacity(models.TextChoices):
        """The word before the title of the represented post."""

        KT = "KT", _("KT. – signs in the place of (deputy)")
        TL = "TL", _("TL. – signs by order of")
        TUQ = "TUQ", _("TUQ. – signs by written authorisation of")

    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="signing_authorities",
        verbose_name=pgettext_lazy("authority to sign", "holder"),
    )
    capacity = models.CharField(
        pgettext_lazy("authority to sign", "capacity"), max_length=3, choices=Capacity.choices
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="signed_for_by",
        verbose_name=_("signs for"),
    )
    position = models.ForeignKey(
        "people.Position",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("represented position"),
        help_text=_(
            "Stands behind the capacity, as in “KT. CHỦ TỊCH”. Without one: that person's highest position."
        ),
    )
    department = models.ForeignKey(
        "people.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only for"),
        help_text=_("This department and those below it. Empty: the whole office."),
    )
    document = models.CharField(
        pgettext_lazy("authority to sign", "document"),
        max_length=200,
        blank=True,
        help_text=_("Number and date of the decision or letter that gives the authority."),
    )

    objects: ClassVar = AuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = _("authority to sign")
        verbose_name_plural = _("authorities to sign")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="authority_ends_after_start",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(
                condition=~Q(holder=F("on_behalf_of")),
                name="authority_of_another",
                violation_error_message=_("Nobody signs for themselves. Choose another person."),
            ),
            models.CheckConstraint(
                condition=~Q(capacity="TUQ") | Q(until__isnull=False),
                name="authority_tuq_ends",
                violation_error_message=_("An authority TUQ. is limited in time: give the last day."),
            ),
        ]
        indexes = [models.Index(fields=["holder", "since"], name="authority_holder")]

    def __str__(self) -> str:
        return f"{self.words()} – {self.holder}"

    def words(self) -> str:
        """Return what stands above the signature: “KT. CHỦ TỊCH”. One query where no position is named.

        None when the places of whoever is represented were loaded (`with_places_represented`).
        """
        return f"{self.capacity}. {self._represented().upper()}"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store; raises `ValidationError` like `clean()`, also when two people save at the same moment."""
        self.normalise("document")
        if self.revoked_at is None:
            signing_rules.lock_for_check(self)
            signing_rules.check_authority_rules(self)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse what the rules forbid (`signing_rules.py`)."""
        self.normalise("document")
        signing_rules.check_authority_rules(self)

    def _represented(self) -> str:
        if self.position is not None:
            return self.position.name
        loaded = getattr(self.on_behalf_of, "places_of_today", None)
        held = _places_of_today().filter(user=self.on_behalf_of)[:1] if loaded is None else loaded
        highest = next(iter(held), None)
        return highest.position.name if highest is not None else self.on_behalf_of.get_full_name()
