"""Blocks that a department writes once and shows on many of its pages: quick links, call-outs, contacts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import CollectionMember

from .blocks import CallOutBlock, QuickLinksBlock
from .calling_blocks import ContactCardBlock

#: Whoever has one of these rights in the collection of a shared block works with it, and nobody else.
RIGHTS = ("add", "change", "delete")


class SharedBlockQuerySet(models.QuerySet["SharedBlock"]):
    """Look-ups of shared blocks."""

    def kept_by(self, user: Any) -> SharedBlockQuerySet:
        """Return those with which `user` works as an editor: lists, choosers and forms of the admin begin here."""
        from wagtail.permissions import policy_registry

        policy = policy_registry.get_by_type(self.model)
        mine = policy.instances_user_has_any_permission_for(user, list(RIGHTS))
        return self.filter(pk__in=mine.order_by().values("pk"))


class SharedBlock(CollectionMember, models.Model):
    """One block, or a few that belong together. It belongs to a collection, as images and documents do."""

    name = models.CharField(_("name"), max_length=120, help_text=_("Only editors see it."))
    body = StreamField(
        [
            ("quick_links", QuickLinksBlock()),
            ("call_out", CallOutBlock()),
            ("contact", ContactCardBlock()),
        ],
        verbose_name=_("blocks"),
    )

    objects: ClassVar[Any] = SharedBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared block")
        verbose_name_plural = _("shared blocks")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
