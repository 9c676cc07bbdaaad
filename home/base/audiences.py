"""Who may see a page: the one rule behind lists, search, addresses, files and feeds.

A page is seen by its own audience, and only by those who also see every page above it. What that amounts to
is kept in one `AudienceRule` row per distinct outcome, and each page points at its row: asking for the
visible pages is one indexed look-up, however deep the tree is (docs/adr/0001-base-page.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from wagtail.permissions import page_permission_policy

from home.people.api import department_ids_of, remembered, renew_stamp, roles_of

if TYPE_CHECKING:
    from .models import BasePage

#: Every list of departments is one condition: the reader belongs to one of them (or to a part of one).
Clauses = list[list[int]]

EVERYONE = "everyone"

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


@dataclass(frozen=True)
class Reach:
    """How far one person sees: everything, or the pages of some rules and of the branches that the person
    edits.

    `condition` is for queries, `holds` for one page at hand; both say the same.
    """

    everything: bool = False
    nothing: bool = False
    rule_ids: frozenset[int] = frozenset()
    edited: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    user_id: int | None = None

    def condition(self) -> Q:
        """Return the condition on pages."""
        if self.nothing:
            return Q(pk__in=[])
        if self.everything:
            return Q()
        seen = Q(audience_rule__isnull=True, audience=EVERYONE) | Q(audience_rule__in=sorted(self.rule_ids))
        for path in sorted(self.edited):
            seen |= Q(path__startswith=path)
        for path in sorted(self.own):
            seen |= Q(path__startswith=path, owner=self.user_id)
        return seen

    def holds(self, page: BasePage) -> bool:
        """Tell whether the page lies within reach."""
        if self.nothing or self.everything:
            return self.everything
        if page.audience_rule_id in self.rule_ids:
            return True
        if page.audience_rule_id is None and page.audience == EVERYONE:
            return True
        return page.path.startswith(tuple(self.edited)) or (
            page.owner_id == self.user_id and page.path.startswith(tuple(self.own))
        )


_NOTHING = Reach(nothing=True)
_EVERYTHING = Reach(everything=True)


def reach_of(user: Any) -> Reach:
    """Return what `user` may see; anonymous and deactivated people see nothing.

    Two queries, three for people in groups, remembered on the user object until a new rule appears; none in
    requests that read, as long as nothing has changed (`home.people.remembering`).
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return _NOTHING
    if user.is_superuser:
        return _EVERYTHING
    key = (rule_generation(), roles_of(user))
    known = getattr(user, "_reach", None)
    if known is None or known[0] != key:
        known = (key, remembered(user, ("reach", key[0]), lambda: _reach_of(user)))
        user._reach = known
    reach: Reach = known[1]
    return reach


def _reach_of(user: Any) -> Reach:
    from .models import AudienceRule

    mine = department_ids_of(user)
    rules = AudienceRule.objects.values_list("pk", "clauses")
    edited, own = _edited_by(user)
    return Reach(
        rule_ids=frozenset(pk for pk, clauses in rules if admits(clauses, mine)),
        edited=edited,
        own=own,
        user_id=user.pk,
    )


_generation = 0


def rule_generation() -> int:
    """Return a number that changes when this process adds a rule: what was remembered is too little."""
    return _generation


def _edited_by(user: Any) -> tuple[frozenset[str], frozenset[str]]:
    """Return the paths of branches that the person edits, and of those where only own pages can be edited."""
    if not any(role.startswith("group:") for role in roles_of(user)):
        return frozenset(), frozenset()
    policy = page_permission_policy
    editing = {name for action in _EDITING for name in policy._get_permission_codenames({action})}
    adding = policy._get_permission_codenames({"add"})
    given = policy.get_cached_permissions_for_user(user)
    rights = [(right.permission.codename, right.page.path) for right in given]
    return (
        frozenset(path for codename, path in rights if codename in editing),
        frozenset(path for codename, path in rights if codename in adding),
    )


def refresh_audience(page: BasePage, *, whole: bool = False) -> None:
    """Bring the rule of this page and of everything below it in step with the audiences that editors chose.

    Call it inside the transaction that changed an audience. When the rule of the page itself still holds,
    nothing below can have changed and a few small queries settle it; `whole` walks the branch all the same
    (it was moved).
    """
    from .models import BasePage

    parent = BasePage.objects.parent_of(page).values_list("audience_rule__clauses", flat=True)
    above: Clauses = next((clauses for clauses in parent if clauses), [])
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
    rule, created = AudienceRule.objects.get_or_create(digest=digest(clauses), defaults={"clauses": clauses})
    if created:
        global _generation
        _generation += 1
    return rule.pk


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
    renew_stamp()
