"""Why a task is whose it is: rules, roles and reasons in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel

from home.people.api import Department, Position
from workflows.dossiers.api import DISPATCH

from .who import Rule

_WHY: dict[str, str | Promise] = {
    "user": gettext_lazy("The flow names this person."),
    "position": gettext_lazy("The step belongs to whoever holds this position."),
    "head_of_submitter": gettext_lazy("The step belongs to the head of the submitter's department."),
    "head": gettext_lazy("The step belongs to the head of this department."),
    "submitter": gettext_lazy("The step belongs to the person who submitted the dossier."),
    "pool": gettext_lazy("The step belongs to this group: whoever takes it first, decides."),
    "deputy": gettext_lazy("The step belongs to the deputy head of this department."),
    "item": gettext_lazy("The step is done for this unit or person."),
    "done_by": gettext_lazy("The step belongs to whoever did an earlier step."),
    "answer": gettext_lazy("The answers of the dossier name this person or unit."),
    "head_of_answer": gettext_lazy("The step belongs to the head of whoever the answers name."),
    "instruction": gettext_lazy("The instruction of a leader names this person or unit."),
    "round_robin": gettext_lazy("The people of this group are asked in turn."),
    "least_loaded": gettext_lazy("Of this group, this person had the fewest open tasks."),
    "successor": gettext_lazy("The person who had the task has left; it goes to who stands in or leads."),
    "late": gettext_lazy("The step was late, so it was given to others."),
    "reassigned": gettext_lazy("Somebody who leads gave the step to this person."),
    "forwarded": gettext_lazy("Whoever had the step passed it on to this person."),
    "vacant": gettext_lazy(
        "Nobody holds the posts that this step is meant for, so it waits for the dispatchers."
    ),
}


_NOBODY: dict[str, str | Promise] = {
    "vacant": gettext_lazy("nobody holds the post"),
    "left": gettext_lazy("the account of the person is closed"),
    "is_submitter": gettext_lazy("only the submitter is left, who does not decide here"),
    "unnamed": gettext_lazy("the dossier names nobody"),
    "not_done": gettext_lazy("nobody has done the earlier step"),
    "no_department": gettext_lazy("the department does not exist any more"),
    "fault": gettext_lazy("the rule failed; the log of the server says how"),
}


def nobody_words(why: str) -> str:
    """Say why a rule found nobody; an unknown code stands for itself."""
    return str(_NOBODY.get(why, why))


def tried_words(tried: Iterable[dict[str, str]]) -> list[str]:
    """Say which rules found nobody, and why; an unknown code stands for itself."""
    places = {"who": _("Rule"), "fallback": _("Fallback")}
    return [
        f"{places.get(row['key'], row['key'])} “{row['rule']}”: {nobody_words(row['why'])}" for row in tried
    ]


_OF_DEPARTMENT = ("dept", "head", "deputy", "post")


def role_names(roles: Iterable[str]) -> dict[str, str]:
    """Return the words for role codes (`dept:3`, `post:1:3`, `head:3`, `deputy:3`, `group:2`, `dispatch`).

    At most three queries, whatever the number of roles. A code that cannot be read stands for itself.
    """
    wanted = sorted(set(filter(None, roles)))
    parts = {role: role.split(":") for role in wanted}
    departments = _names(Department, (p[-1] for p in parts.values() if p[0] in _OF_DEPARTMENT))
    positions = _names(Position, (p[1] for p in parts.values() if p[0] == "post" and len(p) == 3))
    groups = _names(Group, (p[-1] for p in parts.values() if p[0] == "group"))
    return {role: _role_name(role, parts[role], departments, positions, groups) for role in wanted}


def _names(model: Any, keys: Iterable[str]) -> dict[str, str]:
    wanted = {int(key) for key in keys if key.isdecimal()}
    return {str(pk): str(row) for pk, row in model.objects.in_bulk(wanted).items()} if wanted else {}


def _role_name(
    role: str,
    parts: list[str],
    departments: dict[str, str],
    positions: dict[str, str],
    groups: dict[str, str],
) -> str:
    if role == DISPATCH:
        return _("Dispatchers (administrators)")
    place = departments.get(parts[-1], "")
    if parts[0] == "dept" and place:
        return _("Anyone of %(department)s") % {"department": place}
    if parts[0] == "head" and place:
        return _("Head of %(department)s") % {"department": place}
    if parts[0] == "deputy" and place:
        return _("Deputy heads of %(department)s") % {"department": place}
    if parts[0] == "post" and place and len(parts) == 3:
        return f"{positions.get(parts[1], '?')}, {place}"
    return groups.get(parts[-1], role) if parts[0] == "group" else role


def rule_words(rule: Rule) -> str:
    """Say an assignment rule with the names of its departments and positions; two queries."""
    return rules_words([rule])[0]


def rules_words(rules: Iterable[Rule]) -> list[str]:
    """Say several rules with the names of their departments and positions; two queries, whatever their number."""
    wanted = list(rules)
    codes = {code for rule in wanted for code in _codes_in(rule.model_dump())}
    names = dict(Department.objects.filter(code__in=codes).values_list("code", "name"))
    positions = dict(Position.objects.filter(code__in=codes).values_list("code", "name"))
    return [_named(rule, names, positions).words() for rule in wanted]


def _codes_in(data: Any) -> Iterable[str]:
    if isinstance(data, dict):
        for value in data.values():
            yield from _codes_in(value)
    elif isinstance(data, str):
        yield data


def _named(model: Any, departments: dict[str, str], positions: dict[str, str]) -> Any:
    """Return a copy of a rule in which names stand for codes; only for its words, never to be resolved."""
    update: dict[str, Any] = {}
    for key in type(model).model_fields:
        value = getattr(model, key)
        if isinstance(value, str):
            update[key] = (positions if key == "position" else departments).get(value, value)
        elif isinstance(value, BaseModel):
            update[key] = _named(value, departments, positions)
    return model.model_copy(update=update)


def why_words(why: str) -> str:
    """Say why a task came to where it is, from the code that the engine stored."""
    fallback, _colon, code = why.rpartition(":")
    words = str(_WHY.get(code, ""))
    if fallback:
        vacant = _("The post that was meant is vacant, so the fallback of the step applies.")
        return f"{vacant} {words}".strip()
    return words


_CLOSED: dict[str, str | Promise] = {
    "decided": gettext_lazy("Enough others had decided, so this step was no longer needed."),
    "rejected": gettext_lazy("Closed because the dossier was rejected elsewhere."),
    "returned": gettext_lazy("Closed because the dossier went back to an earlier step."),
    "withdrawn": gettext_lazy("Closed because the submitter withdrew the dossier."),
    "waived": gettext_lazy("Closed because the dossier goes on without the supplement."),
    "removed": gettext_lazy("Closed because this participant was taken out."),
    "recalled": gettext_lazy("Closed because the decision before it was recalled."),
}


def closed_words(code: str) -> str:
    """Say why a task was closed without a decision; a reason that is not known says only that."""
    return str(_CLOSED.get(code, _("This task was closed without a decision: it is no longer needed.")))
