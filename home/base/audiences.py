"""Who may see a page: the one rule behind lists, search, addresses, files and feeds.

A page is seen by its own audience, and only by those who also see every page above it. What that amounts to
is kept in one `AudienceRule` row per distinct outcome, and each page points at its row: asking for the
visible pages is one indexed look-up, however deep the tree is (docs/adr/0001-base-page.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from wagtail.permissions import page_permission_policy

from home.people.api import department_ids_of

if TYPE_CHECKING:
    from .models import BasePage

#: Every list of departments is one condition: the reader belongs to one of them (or to a part of one).
Clauses = list[list[int]]

#: Wagtail's rights that make somebody an editor of a part of the tree.
_EDITING = ("change", "publish", "lock", "unlock", "bulk_delete")


def admits(clauses: Clauses, department_ids: frozenset[int]) -> bool:
    """Tell whether somebody of these departments (own ones and all above) meets every condition."""
    return all(any(pk in department_ids for pk in clause) for clause in clauses)


def canonical(clauses: Iterable[Iterable[int]]) -> Clauses:
    """Return the conditions in one order, without doubles, so that equal audiences share one row."""
    return [list(clause) for clause in sorted({tuple(sorted(set(clause))) for clause in clauses})]


def digest(clauses: Clauses) -> str:
    """Return the key under which these conditions are stored."""
    return sha256(json.dumps(clauses).encode()).hexdigest()


def audience_q(user: Any) -> Q:
    """Return the condition on pages that `user` is in the audience of, or edits. Two queries at most, of
    few rows.

    Anonymous and deactivated people see nothing.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Q(pk__in=[])
    if user.is_superuser:
        return Q()
    from .models import AudienceRule, BasePage

    mine = department_ids_of(user)
    admitting = [
        pk for pk, clauses in AudienceRule.objects.values_list("pk", "clauses") if admits(clauses, mine)
    ]
    everyone = Q(audience_rule__isnull=True, audience=BasePage.Audience.EVERYONE)
    return everyone | Q(audience_rule__in=admitting) | _edited_by(user)


def _edited_by(user: Any) -> Q:
    """Return the condition on pages that the person may edit in the admin, drafts and all."""
    policy = page_permission_policy
    editing = {name for action in _EDITING for name in policy._get_permission_codenames({action})}
    adding = policy._get_permission_codenames({"add"})
    edited = Q()
    for right in policy.get_cached_permissions_for_user(user):
        if right.permission.codename in editing:
            edited |= Q(path__startswith=right.page.path)
        elif right.permission.codename in adding:
            edited |= Q(path__startswith=right.page.path, owner=user)
    return edited


def refresh_audience(page: BasePage, *, whole: bool = False) -> None:
    """Bring the rule of this page and of everything below it in step with the audiences that editors chose.

    Call it inside the transaction that changed an audience. When the rule of the page itself still holds,
    nothing below can have changed and a few small queries settle it; `whole` walks the branch all the same
    (it was moved).
    """
    from .models import BasePage

    parent = BasePage.objects.parent_of(page).values_list("audience_rule__clauses", flat=True)
    above: Clauses = next(iter(parent), None) or []
    pages = BasePage.objects.filter(pk=page.pk)
    [(_pk, _path, _audience, rule_id)], [clauses] = _walk(pages, above)
    page.audience_rule_id = _rule_id(clauses)
    if whole or page.audience_rule_id != rule_id:
        _refresh_branch(page, above)


_Row = tuple[int, str, str, int | None]


def _rows(pages: models.QuerySet[BasePage]) -> list[_Row]:
    return list(pages.order_by("path").values_list("pk", "path", "audience", "audience_rule_id"))


def _chosen(page_ids: list[int]) -> dict[int, list[int]]:
    """Return the departments chosen on each of these pages."""
    from .models import BasePage

    chosen: dict[int, list[int]] = {pk: [] for pk in page_ids}
    through = BasePage.audience_departments.through.objects
    if page_ids:
        for page_id, department_id in through.filter(basepage__in=page_ids).values_list(
            "basepage_id", "department_id"
        ):
            chosen[page_id].append(department_id)
    return chosen


def _walk(pages: models.QuerySet[BasePage], above: Clauses) -> tuple[list[_Row], list[Clauses]]:
    """Return the rows of a branch from the top down, and the conditions that hold for each."""
    from .models import BasePage

    rows = _rows(pages)
    chosen = _chosen([row[0] for row in rows if row[2] == BasePage.Audience.DEPARTMENTS])
    found: dict[str, Clauses] = {}
    for pk, path, _audience, _rule in rows:
        inherited = found.get(path[: -BasePage.steplen], above)
        found[path] = canonical([*inherited, chosen[pk]]) if pk in chosen else inherited
    return rows, [found[row[1]] for row in rows]


def _rule_id(clauses: Clauses) -> int | None:
    from .models import AudienceRule

    if not clauses:
        return None
    key = digest(clauses)
    return AudienceRule.objects.get_or_create(digest=key, defaults={"clauses": clauses})[0].pk


def _refresh_branch(page: BasePage, above: Clauses) -> None:
    from .models import BasePage

    rows, found = _walk(BasePage.objects.descendant_of(page, inclusive=True), above)
    rule_ids = {key: _rule_id(clauses) for key, clauses in {digest(c): c for c in found}.items()}
    changed: dict[int | None, list[int]] = {}
    for (pk, _path, _audience, rule_id), clauses in zip(rows, found, strict=True):
        if rule_ids[digest(clauses)] != rule_id:
            changed.setdefault(rule_ids[digest(clauses)], []).append(pk)
    for new_rule_id, page_ids in changed.items():
        BasePage.objects.filter(pk__in=page_ids).update(audience_rule=new_rule_id)
