"""What people are told about forms."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.notifications.api import NotificationKind, kinds

kinds.register(
    NotificationKind(
        "forms.answered",
        gettext_lazy("Somebody has answered a form that you read"),
        subject=lambda params: _("New answer: %(form)s") % {"form": params["form"]},
        body=lambda params: _("From: %(person)s") % {"person": params["by"]},
        icon="forms",
    )
)
