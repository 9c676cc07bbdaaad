"""The menu: entries that rooms and plugins contribute through `menu.py`, and what one reader sees of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from home.people.api import remembered, roles_of
from plugins.api.api import Registry

from .numbers import numbers_of


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

    The number is one of those that every page asks for in one query (`number`, a code of `numbers.py`), or what `badge`
    returns: it is called at most once a request and may cost one query of its own.

    `visible` may depend on the person, on what renews the stamp (`home.people.remembering`) and on today's date: what
    it says is remembered as long as these stay. Entries that the reader may not open must not be visible.
    """

    code: str
    label: str | Promise = ""
    icon: str = "circle"
    url_name: str = ""
    url: str = ""
    order: int = 100
    section: str = Section.MAIN
    visible: Callable[[Any], bool] = _everyone
    number: str = ""
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


@dataclass(frozen=True)
class Link:
    """One line of the menu as a template draws it."""

    code: str
    label: str
    icon: str
    url: str
    badge: int | None
    active: bool = False


@dataclass(frozen=True)
class Group:
    """The lines of one section."""

    code: str
    label: str
    links: list[Link]


@dataclass(frozen=True)
class _Plan:
    """What stays of a reader's menu as long as nothing changes: its lines by section, with the functions that count.

    `digest` is the same for all readers whose menus differ in nothing but numbers.
    """

    lines: tuple[tuple[str, Link, Callable[[HttpRequest], int | None]], ...]
    digest: str


@dataclass(frozen=True)
class _Menu:
    """The menu of one request: the plan, its numbers, and the address of the line where the reader is."""

    plan: _Plan
    badges: tuple[int | None, ...]
    active: str


def menu_for(request: HttpRequest) -> list[Group]:
    """Return the reader's menu, in sections, with the current place marked; computed once a request."""
    menu = _menu_of(request)
    links: dict[str, list[Link]] = {}
    for (section, link, _badge), number in zip(menu.plan.lines, menu.badges, strict=True):
        links.setdefault(section, []).append(replace(link, badge=number, active=link.url == menu.active))
    return [
        Group(section.value, str(section.label), links[section]) for section in Section if section in links
    ]


def menu_digest(request: HttpRequest) -> tuple[str, tuple[int | None, ...], str]:
    """Return what differs between two menus that look different."""
    menu = _menu_of(request)
    return menu.plan.digest, menu.badges, menu.active


def _menu_of(request: HttpRequest) -> _Menu:
    known: _Menu | None = getattr(request, "_congso_menu", None)
    if known is None:
        user = request.user
        plan = remembered(user, ("menu", len(menu), get_language()), lambda: _plan(user))
        badges = tuple(badge(request) for _section, _link, badge in plan.lines)
        known = _Menu(plan, badges, _active(request.path, plan))
        request._congso_menu = known  # type: ignore[attr-defined]
    return known


def _plan(user: Any) -> _Plan:
    items = sorted((entry for item in menu for entry in item.entries(user)), key=lambda item: item.order)
    lines = tuple(
        (
            str(item.section),
            Link(item.code, str(item.label), item.icon, item.address(), None),
            _badge_of(item),
        )
        for item in items
    )
    words = repr([(section, link) for section, link, _badge in lines])
    return _Plan(lines, sha256(words.encode()).hexdigest())


def _badge_of(item: MenuItem) -> Callable[[HttpRequest], int | None]:
    if item.number:
        return lambda request: numbers_of(request).get(item.number) or None
    return lambda request: item.badge(request.user)


def _active(path: str, plan: _Plan) -> str:
    """Return the address of the menu that is the longest beginning of `path`; `/` only matches itself."""
    addresses = (link.url for _section, link, _badge in plan.lines)
    above = [
        url for url in addresses if path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
    ]
    return max(above, key=len, default="")


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
