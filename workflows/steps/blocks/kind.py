"""The block of one kind of step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from ..editor import options_of
from .compound import GroupPart
from .derive import Deeper, parts_of

if TYPE_CHECKING:
    from ..registry import Step


def kind_part(kind: Step[Any], deeper: Deeper) -> GroupPart:
    """Return the part with all options of a kind."""
    return GroupPart(
        parts_of(kind.Spec, deeper),
        options_of(kind.Spec),
        label=kind.title,
        icon=kind.admin_icon,
        group=group_of(kind),
        description=kind.help,
        label_format="{title}",
    )


def group_of(kind: Step[Any]) -> Any:
    """Return the heading under which a kind is offered."""
    if kind.human:
        return _("People act")
    return _("Ways through the flow") if "branches" in kind.Spec.model_fields else _("By itself")
