"""A list: whoever must stamp."""

from typing import ClassVar, Literal

from workflows.steps.api import ItemList, Situation, lists


@lists.register
class StampOffices(ItemList):
    """No office stamps in this sample, so a block over them goes on at once."""

    code: ClassVar[str] = "stamp_offices"
    stamp_offices: Literal[True]

    def items(self, at: Situation) -> list[str]:
        """Return nobody."""
        return []

    def words(self) -> str:
        """Say the list."""
        return "the offices that stamp"
