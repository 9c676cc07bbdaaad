"""The entries of the main menu: pages right below the home page whose editors said so, and the sections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from home.base.api import MenuItem, MenuSource, Section, menu
from home.base.models import BasePage
from home.people.api import is_office_admin, remembered

from .department_sections import DepartmentSection


def pages_in_menu(user: Any) -> Iterable[MenuItem]:
    """Return one entry a page, in the order of the tree; read again only when something has changed."""
    return remembered(user, "pages in menu", lambda: tuple(_entries(user)))


def _entries(user: Any) -> Iterator[MenuItem]:
    shown = BasePage.objects.visible_to(user).filter(depth=3, show_in_menus=True)
    for place, page in enumerate(shown.select_related("content_type")):
        model = page.specific_class or BasePage
        yield MenuItem(
            code=f"page-{page.pk}",
            label=page.title,
            icon=model.front_icon,
            url=page.url or "",
            order=10 + place,
        )


def _looks_after_people(user: Any) -> bool:
    return remembered(user, "sections", lambda: is_office_admin(user) or _administers(user))


def _administers(user: Any) -> bool:
    return bool(DepartmentSection.objects.administered_by(user).exists())


menu.register(MenuSource(code="pages", order=10, items=pages_in_menu))
menu.register(
    MenuItem(
        code="sections",
        label=_("Sections of departments"),
        icon="users-group",
        url_name="section_list",
        section=Section.ADMIN,
        order=40,
        visible=_looks_after_people,
    )
)
