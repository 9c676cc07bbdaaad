"""The entries of the main menu: pages right below the home page whose editors said so, and the sections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from home.base.api import MenuItem, MenuSource, Section, menu
from home.base.models import BasePage
from home.people.api import remembered

from .department_sections import looks_after_sections


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


menu.register(MenuSource(code="pages", order=10, items=pages_in_menu))
menu.register(
    MenuItem(
        code="sections",
        label=_("Sections of departments"),
        icon="users-group",
        url_name="section_list",
        section=Section.ADMIN,
        order=40,
        visible=looks_after_sections,
    )
)
