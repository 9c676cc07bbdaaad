"""The menu: entries that rooms and plugins contribute through `menu.py`, and what one reader sees of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from home.people.api import remembered, roles_of
from plugins.api.api import Registry


class Section(models.TextChoices):
    """The parts of the menu, in their order."""

    MAIN = "main", ""
    WORK = "work", _("Work")
    OFFICE = "office", _("Office")
    ADMIN = "admin", _("Administration")


def _everyone(user: Any) -> bool:
    return True


def _no_badge(user: Any) -> int | None:
    return None


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """One entry: where it leads (`url_name` or `url`), who sees it, and a number beside it.

    `visible` and `badge` are called at most once a request; `badge` may cost one query, `visible` none.
    Entries that the reader may not open must not be visible.
    """

    code: str
    label: str | Promise = ""
    icon: str = "circle"
    url_name: str = ""
    url: str = ""
    order: int = 100
    section: str = Section.MAIN
    visible: Callable[[Any], bool] = _everyone
    badge: Callable[[Any], int | None] = _no_badge

    def address(self) -> str:
        """Return the address; raises `NoReverseMatch` when `url_name` does not exist."""
        return self.url or reverse(self.url_name)

    def entries(self, user: Any) -> Iterable[MenuItem]:
        """Return what stands in the menu of `user` for this registration: itself, or nothing."""
        return [self] if self.visible(user) else []


@dataclass(frozen=True, kw_only=True)
class MenuSource(MenuItem):
    """A registration that stands for several entries, computed per reader (the pages shown in menus)."""

    items: Callable[[Any], Iterable[MenuItem]] = field(default=lambda user: [])

    def entries(self, user: Any) -> Iterable[MenuItem]:
        """Return the computed entries."""
        return self.items(user) if self.visible(user) else []


#: Every room and plugin may ship a `menu.py` that registers `MenuItem`s here.
menu: Registry[MenuItem] = Registry(MenuItem, module="menu", noun="menu entry")


@dataclass
class Link:
    """One line of the menu as a template draws it."""

    code: str
    label: str
    icon: str
    url: str
    badge: int | None
    active: bool = False


@dataclass
class Group:
    """The lines of one section."""

    code: str
    label: str
    links: list[Link]


def menu_for(request: HttpRequest) -> list[Group]:
    """Return the reader's menu, in sections, with the current place marked; computed once a request."""
    groups: list[Group] | None = getattr(request, "_congso_menu", None)
    if groups is None:
        groups = _build(request)
        request._congso_menu = groups  # type: ignore[attr-defined]
    return groups


def _build(request: HttpRequest) -> list[Group]:
    user = request.user
    items = sorted((entry for item in menu for entry in item.entries(user)), key=lambda item: item.order)
    groups = []
    for section in Section:
        links = [_link(item, user) for item in items if item.section == section]
        if links:
            groups.append(Group(section.value, str(section.label), links))
    _mark_active(request.path, (link for group in groups for link in group.links))
    return groups


def _link(item: MenuItem, user: Any) -> Link:
    return Link(item.code, str(item.label), item.icon, item.address(), item.badge(user))


def _mark_active(path: str, links: Iterator[Link]) -> None:
    """Mark the entry whose address is the longest beginning of `path`; `/` only matches itself."""
    best: Link | None = None
    for link in links:
        matches = path == link.url or (link.url != "/" and path.startswith(link.url.rstrip("/") + "/"))
        if matches and (best is None or len(link.url) > len(best.url)):
            best = link
    if best is not None:
        best.active = True


def may_enter_admin(user: Any) -> bool:
    """Tell whether the person gets into Wagtail's admin (for links; the admin checks for itself).

    Rights come through groups, as Wagtail's own screens give them: people without groups cost no query, others
    none as long as nothing changes.
    """
    if not user.is_authenticated or user.is_superuser:
        return bool(user.is_authenticated and user.is_active)
    if not any(role.startswith("group:") for role in roles_of(user)):
        return False
    return remembered(user, "admin", lambda: bool(user.has_perm("wagtailadmin.access_admin")))
