"""Stamps, as matters in which somebody may stand in."""

from collections.abc import Iterable

from home.people.api import MatterSource, matters


def _stamps() -> Iterable[tuple[str, str]]:
    from .models import Stamp

    return [(f"stamps.{stamp.code}", stamp.name) for stamp in Stamp.objects.order_by("code")]


matters.register(MatterSource(code="stamps", label=_stamps))
