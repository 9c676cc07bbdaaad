"""Someone says that they have seen the dossier (đã xem)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from django.utils.translation import gettext_lazy

from ..registry import Outcome
from ..spec import HumanSpec
from .human import HumanStep

_OUTCOMES = (Outcome("acknowledge", gettext_lazy("Seen"), "neutral"),)


class AcknowledgeSpec(HumanSpec):
    """Having seen something has no options."""

    kind: Literal["acknowledge"] = "acknowledge"


class Acknowledge(HumanStep[AcknowledgeSpec]):
    """One person confirms having seen the dossier. It is no vote and no judgement: the submitter may do it too."""

    code = "acknowledge"
    title = gettext_lazy("Acknowledgement")
    help = gettext_lazy("One person or unit confirms having seen the dossier; nothing is decided.")
    icon = "eye-check"
    admin_icon = "view"
    Spec = AcknowledgeSpec

    def outcomes(self, spec: AcknowledgeSpec) -> Sequence[Outcome]:
        """Return the only way on, which is no vote."""
        return _OUTCOMES
