"""An assignment rule: whoever keeps the stamps."""

from typing import ClassVar, Literal

from workflows.steps.api import Assignment, Rule, Situation, rules


@rules.register
class StampKeeper(Rule):
    """Nobody keeps stamps in this sample, so the fallback acts."""

    code: ClassVar[str] = "stamp_keeper"
    stamp_keeper: Literal[True]

    def resolve(self, at: Situation) -> Assignment | None:
        """Return nobody."""
        return None

    def words(self) -> str:
        """Say the rule."""
        return "the keeper of the stamps"
