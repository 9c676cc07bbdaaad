"""An opinion that does not decide by itself (cho ý kiến)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from django.utils.translation import gettext_lazy

from ..registry import Outcome
from ..spec import HumanSpec
from .human import HumanStep

_OUTCOMES = (
    Outcome("agree", gettext_lazy("Agree"), "positive", vote=True),
    Outcome("disagree", gettext_lazy("Disagree"), "negative", vote=False, note_required=True),
    Outcome("remark", gettext_lazy("Agree with remarks"), "neutral", vote=True, note_required=True),
)


class ReviewSpec(HumanSpec):
    """An opinion has no options of its own."""

    kind: Literal["review"] = "review"


class Review(HumanStep[ReviewSpec]):
    """Someone agrees or disagrees. In a parallel block it is a vote; on its own the flow goes on either way."""

    code = "review"
    title = gettext_lazy("Opinion")
    help = gettext_lazy("One person or unit gives an opinion; in a parallel block it counts as a vote.")
    icon = "message-check"
    admin_icon = "comment"
    Spec = ReviewSpec
    decides = True

    def outcomes(self, spec: ReviewSpec) -> Sequence[Outcome]:
        """Return agree, disagree, and agree with remarks."""
        return _OUTCOMES
