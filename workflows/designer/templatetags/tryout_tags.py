"""What the page of a try-out needs."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from workflows.engine.api import SampleAct

register = template.Library()


@register.filter
def act_at(chosen: Mapping[str, SampleAct], key: str) -> SampleAct:
    """Return what is chosen at a visit (`sign-0`), or an act that chooses nothing."""
    return chosen.get(key, SampleAct())
