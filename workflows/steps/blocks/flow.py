"""The blocks of a whole flow: all kinds of steps, branches nested to a fixed depth."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.fields import StreamField

from ..registry import offered
from . import derive
from .compound import StepsPart

#: How many lists of steps lie inside each other: the flow's own, and four levels of branches.
LEVELS = 5


@lru_cache(maxsize=LEVELS)
def steps_part(level: int = 0) -> StepsPart:
    """Return the part of a list of steps; on the same level it is always the same one, so that pages hold it once."""
    return StepsPart(
        {kind.code: _kind_part(kind, level) for kind in offered()}, max_num=200 if level == 0 else 100
    )


_leaves: dict[str, Any] = {}


def _kind_part(kind: Any, level: int) -> Any:
    """Return the part of one kind; kinds without branches have one for all levels."""
    if "branches" not in kind.Spec.model_fields:
        if kind.code not in _leaves:
            _leaves[kind.code] = kind.block(None)
        return _leaves[kind.code]
    return kind.block((lambda: steps_part(level + 1)) if level + 1 < LEVELS else None)


def reset() -> None:
    """Forget all blocks: tests register kinds of their own."""
    steps_part.cache_clear()
    _leaves.clear()
    derive.reset()


class FlowField(StreamField):
    """The steps of a flow in a model. Migrations do not know its blocks: a plugin's kinds change no table."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("block_lookup", None)
        super().__init__([], **kwargs)

    @cached_property
    def stream_block(self) -> blocks.StreamBlock:
        """Return the blocks of all kinds, looked up when they are first needed."""
        block = steps_part().block
        block.set_meta_options(self.block_opts)
        return block

    def check(self, **kwargs: Any) -> list[Any]:
        """Check the blocks of the innermost level: they are those of all levels, each looked at once."""
        found: list[Any] = super(StreamField, self).check(**kwargs)
        return [*found, *steps_part(LEVELS - 1).block.check(field=self, **kwargs)]

    def deconstruct(self) -> Any:
        """Leave the blocks out."""
        name, path, _args, kwargs = super(StreamField, self).deconstruct()
        return name, path, [], kwargs
