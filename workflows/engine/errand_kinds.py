"""The work that the built-in steps want."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy

from workflows.dossiers.api import Errand, ErrandKind, errand_kinds

from .papers import make_paper
from .sub_dossiers import end_children, open_child
from .webhooks import encoded, post, target


def _call(errand: Errand) -> dict[str, Any]:
    """Call the target of a webhook step; the payload was fixed when the step ran."""
    payload = {"event": str(errand.key), **errand.payload["body"]}
    return post(target(errand.payload["target"]), encoded(payload), event=str(errand.key))


def _same_target(errand: Errand) -> Q:
    return Q(payload__target=errand.payload["target"])


errand_kinds.register(ErrandKind("webhook", gettext_lazy("Call of another system"), _call, _same_target))
errand_kinds.register(ErrandKind("paper", gettext_lazy("Make a paper"), make_paper))
errand_kinds.register(ErrandKind("sub_dossier.open", gettext_lazy("Open a linked dossier"), open_child))
errand_kinds.register(ErrandKind("sub_dossier.end", gettext_lazy("Withdraw linked dossiers"), end_children))
