"""`{% state_badge dossier %}`, `{% sort_link … %}`: small things that several pages of dossiers show."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from home.base.api import keep
from workflows.dossiers.api import Dossier

register = template.Library()

_STATES = {
    Dossier.State.RUNNING: ("blue", "progress"),
    Dossier.State.RETURNED: ("orange", "arrow-back-up"),
    Dossier.State.SUPPLEMENT: ("orange", "file-plus"),
    Dossier.State.HELD: ("secondary", "player-pause"),
    Dossier.State.APPROVED: ("green", "circle-check"),
    Dossier.State.REJECTED: ("red", "circle-x"),
    Dossier.State.WITHDRAWN: ("secondary", "arrow-back"),
}


@register.inclusion_tag("inbox/parts/state.html")
def state_badge(dossier: Dossier) -> dict[str, Any]:
    """Show the state of a dossier in words, with a colour and an icon."""
    return badge_of_state(dossier.state)


@register.inclusion_tag("inbox/parts/state.html")
def badge_of_state(state: str) -> dict[str, Any]:
    """Show a state of dossiers in words, with a colour and an icon."""
    found = Dossier.State(state)
    tone, icon = _STATES.get(found, ("secondary", "circle"))
    return {"label": found.label, "tone": tone, "icon": icon}


@register.inclusion_tag("inbox/parts/sort.html", takes_context=True)
def sort_link(context: template.Context, name: str, label: str) -> dict[str, Any]:
    """Show the heading of a column as a link that sorts by it, or turns the order round."""
    order = str(context.get("order", ""))
    is_up, is_down = order == name, order == f"-{name}"
    query = context["request"].GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query["sort"] = f"-{name}" if is_up else name
    return {"label": label, "is_up": is_up, "is_down": is_down, "query": query.urlencode()}


@register.simple_tag(takes_context=True)
def task_row(context: template.Context, line: Any) -> SafeString:
    """Show one line of the inbox; what shows the same is drawn once."""
    tab = context["tab"]
    kept = keep(
        context["request"],
        "inbox/parts/task_row.html",
        (tab.code, line.about),
        lambda: {"line": line, "tab": tab},
    )
    return kept.text


@register.simple_tag(takes_context=True)
def dossier_row(context: template.Context, line: Any) -> SafeString:
    """Show one line of the list of dossiers; what shows the same is drawn once."""
    shown = {"line": line, "with_submitter": context["tab"] == "all"}
    about = (shown["with_submitter"], line.about)
    return keep(context["request"], "inbox/parts/dossier_row.html", about, lambda: shown).text


@register.simple_tag(takes_context=True)
def filter_fields(context: template.Context, chosen: Any) -> SafeString:
    """Show the questions above the list of dossiers; what shows the same is drawn once."""
    name = "inbox/parts/filter_fields.html"
    return keep(context["request"], name, chosen.about, lambda: {"filter": chosen}).text
