"""The digest as a kind of its own: it travels through the outbox like everything else."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .digest import DIGEST_KIND, compose
from .kinds import NotificationKind, kinds

kinds.register(
    NotificationKind(
        DIGEST_KIND,
        gettext_lazy("Digest"),
        subject=lambda _params: _("Digest"),
        icon="mail",
        mutable=False,
        compose=compose,
    )
)
