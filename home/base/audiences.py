"""Who may see a page: the one rule behind lists, search, addresses, files and feeds.

A page is seen by its own audience, and only by those who also see every page above it. What that amounts to
is kept in one `AudienceRule` row per distinct outcome, and each page points at its row: asking for the
visible pages is one indexed look-up, however deep the tree is (docs/adr/0001-base-page.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models
from django.db.models import Q
from wagtail.permissions import page_permission_policy

from home.people.api import User, UserQuerySet, remembered, renew_stamp, roles_of

from .readers import names_of, people_of, reader

if TYPE_CHECKING:
    from .models import BasePage

#: Every list is one condition: the person is one of these readers (`readers.py`: "department:3", "person:12").
Clauses = list[list[str]]

EVERYONE = "everyone"

#: Wagtail's rights that make somebody an editor of a part of the tree.
_EDITING = ("change", "publish", "lock", "unlock", "bulk_delete")


def admits(clauses: Clauses, names: frozenset[str]) -> bool:
    """Tell whether somebody who reads under these names meets every condition."""
    return all(any(name in names for name in clause) for clause in clauses)


def people_admitted(clauses: Clauses) -> UserQuerySet:
    """Return the active people who meet every condition: `admits` asked the other way round, in the database."""
    people = User.objects.active()
    for clause in clauses:
        people = people.filter(people_of(clause))
    return people


def canonical(clauses: Iterable[Iterable[str]]) -> Clauses:
    """Return the conditions in one order, without doubles, so that equal audiences share one row."""
    return [list(clause) for clause in sorted({tuple(sorted(set(clause))) for clause in clauses})]


def digest(clauses: Clauses) -> str:
    """Return the key under which these conditions are stored."""
    return sha256(json.dumps(clauses).encode()).hexdigest()


@dataclass(frozen=True)
class Reach:
    """How far one person sees: everything, or the pages of some rules and of the branches that the person
    edits.

    `condition` is for queries, `holds` for one page at hand; both say the same. `within` narrows it to what another
    person sees, too (preview as somebody else).
    """

    everything: bool = False
    nothing: bool = False
    rule_ids: frozenset[int] = frozenset()
    edited: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    user_id: int | None = None
    within: Reach | None = None

    def condition(self) -> Q:
        """Return the condition on pages."""
        if self.within is not None:
            return replace(self, within=None).condition() & self.within.condition()
        if self.nothing:
            return Q(pk__in=[])
        if self.everything:
            return Q()
        seen = Q(audience_rule__isnull=True, audience=EVERYONE) | Q(audience_rule__in=sorted(self.rule_ids))
        return seen | self.edits()

    def edits(self) -> Q:
        """Return the condition on pages whose drafts the person sees as well, who may edit them."""
        if self.within is not None:
            return replace(self, within=None).edits() & self.within.edits()
        if self.everything:
            return Q()
        found = Q(pk__in=[])
        for path in sorted(self.edited):
            found |= Q(path__startswith=path)
        for path in sorted(self.own):
            found |= Q(path__startswith=path, owner=self.user_id)
        return found

    def holds(self, page: BasePage) -> bool:
        """Tell whether the page lies within reach."""
        if self.within is not None and not self.within.holds(page):
            return False
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
    narrowed: Reach | None = getattr(user, "_narrowed_reach", None)
    if narrowed is not None:
        return narrowed
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
    edited, own = _edited_by(user)
    return Reach(rule_ids=_rules_admitting(user), edited=edited, own=own, user_id=user.pk)


def _rules_admitting(user: Any) -> frozenset[int]:
    from .models import AudienceRule

    mine = names_of(user)
    rules = AudienceRule.objects.values_list("pk", "clauses")
    return frozenset(pk for pk, clauses in rules if admits(clauses, mine))


def rules_of(user: Any) -> frozenset[int]:
    """Return the rules whose audience `user` belongs to, whatever else the person may see as an editor.

    One query, none where `reach_of` has been asked for or is remembered.
    """
    reach = reach_of(user)
    if not reach.everything:
        return reach.rule_ids
    return remembered(user, ("rules", rule_generation()), lambda: _rules_admitting(user))


def addressed_to(user: Any) -> Q:
    """Return the condition on pages in whose audience `user` is; of two people who see a page, one may only edit
    it.
    """
    if reach_of(user).nothing:
        return Q(pk__in=[])
    rules = Q(audience_rule__in=sorted(rules_of(user)))
    return Q(audience_rule__isnull=True, audience=EVERYONE) | rules


def seen_as(user: Any, other: Any) -> Any:
    """Return `user` once more, who sees only what `other` sees as well: for “preview as …”.

    Nobody sees more than before: what `other` alone may see stays hidden.
    """
    reach = replace(reach_of(user), within=reach_of(other))  # first: it makes a real object of a lazy one
    twin = copy(user)
    twin._narrowed_reach = reach
    twin.remembers = False  # what is computed for the twin is nothing to remember for the person
    return twin


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

    above = _clauses_above(page)
    [row], [clauses] = _walk(BasePage.objects.filter(pk=page.pk), above)
    page.audience_rule_id = _rule_id(clauses)
    if whole or page.audience_rule_id != row.rule_id:
        _refresh_branch(page, above)


class _Row(NamedTuple):
    """What of a page its rule depends on, and the rule that it has now."""

    pk: int
    path: str
    audience: str
    readers: list[str]
    rule_id: int | None


def _rows(pages: models.QuerySet[BasePage]) -> list[_Row]:
    names = ("pk", "path", "audience", "audience_readers", "audience_rule_id")
    return [_Row(*row) for row in pages.order_by("path").values_list(*names)]


def _chosen(rows: list[_Row]) -> dict[int, list[str]]:
    """Return the readers chosen on each of these pages."""
    from .models import BasePage

    chosen = {row.pk: list(row.readers) for row in rows if row.audience == BasePage.Audience.LIMITED}
    through = BasePage.audience_departments.through.objects
    if chosen:
        for page_id, department_id in through.filter(basepage__in=chosen).values_list(
            "basepage_id", "department_id"
        ):
            chosen[page_id].append(reader("department", department_id))
    return chosen


def clauses_for(page: BasePage) -> Clauses:
    """Return the conditions that will hold once this draft is published at its place. Two queries."""
    above = _clauses_above(page)
    if page.audience == EVERYONE:
        return above
    departments = [reader("department", row.pk) for row in page.audience_departments.all()]
    return canonical([*above, [*departments, *page.audience_readers]])


def _clauses_above(page: BasePage) -> Clauses:
    from .models import BasePage

    parent = BasePage.objects.parent_of(page).values_list("audience_rule__clauses", flat=True)
    return next((clauses for clauses in parent if clauses), [])


def _walk(pages: models.QuerySet[BasePage], above: Clauses) -> tuple[list[_Row], list[Clauses]]:
    """Return the rows of a branch from the top down, and the conditions that hold for each."""
    from .models import BasePage

    rows = _rows(pages)
    chosen = _chosen(rows)
    found: dict[str, Clauses] = {}
    for row in rows:
        inherited = found.get(row.path[: -BasePage.steplen], above)
        found[row.path] = canonical([*inherited, chosen[row.pk]]) if row.pk in chosen else inherited
    return rows, [found[row.path] for row in rows]


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
    for row, clauses in zip(rows, found, strict=True):
        if rule_ids[digest(clauses)] != row.rule_id:
            changed.setdefault(rule_ids[digest(clauses)], []).append(row.pk)
    for new_rule_id, page_ids in changed.items():
        BasePage.objects.filter(pk__in=page_ids).update(audience_rule=new_rule_id)
    renew_stamp()
