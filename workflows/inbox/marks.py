"""What a line of a list is marked with: how urgent its dossier is, and whether the reader has had it before them.

How urgent a dossier is (độ khẩn) its form says: a question with the key `urgency` that offers the codes of
`home.pages.Urgency`, or one with the key `urgent` that is answered by yes or no.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext_lazy as _

from home.pages.api import Urgency
from workflows.dossiers.api import Dossier, DossierQuerySet, Visit

_TONES: dict[str, str] = {Urgency.URGENT: "orange", Urgency.VERY_URGENT: "orange", Urgency.EXPRESS: "red"}
#: What a list may be narrowed to.
URGENCIES = (("any", _("Urgent of any degree")), *((code, Urgency(code).label) for code in _TONES))


def marked(reader: Any) -> DossierQuerySet:
    """Return dossiers that know how urgent they are, and when `reader` (or who has that key) last looked at them."""
    seen = Visit.objects.filter(user=reader, dossier=OuterRef("pk")).values("at")[:1]
    return Dossier.objects.annotate(
        seen_at=Subquery(seen),
        urgency_given=KeyTransform("urgency", "answers"),
        urgent_given=KeyTransform("urgent", "answers"),
    )


def urgency_of(dossier: Any) -> tuple[str, str] | None:
    """Return the words and the colour of a dossier out of `marked`; None for one that is not urgent."""
    given = Urgency.URGENT if dossier.urgent_given is True else dossier.urgency_given
    if not isinstance(given, str) or given not in _TONES:
        return None
    return str(Urgency(given).label), _TONES[given]


def is_unseen(dossier: Any, since: datetime) -> bool:
    """Tell whether the reader has not had a dossier out of `marked` before them since a moment."""
    seen: datetime | None = dossier.seen_at
    return seen is None or seen < since


def urgent(code: str, of: str) -> Q:
    """Return the condition that dossiers are urgent: to this degree, or to `any`. `of` leads to them."""
    codes = list(_TONES) if code == "any" else [code]
    asked = Q(**{f"{of}answers__urgency__in": codes})
    return asked | Q(**{f"{of}answers__urgent": True}) if Urgency.URGENT in codes else asked
