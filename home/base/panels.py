"""The panels that every page has in the admin.

The base page is loaded before Wagtail's admin can be imported: placeholders stand for the panel classes.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models.panels import PanelPlaceholder


def _fields(heading: Any, help_text: Any, *names: str) -> PanelPlaceholder:
    return PanelPlaceholder(
        "wagtail.admin.panels.MultiFieldPanel", [list(names)], {"heading": heading, "help_text": help_text}
    )


def address_panels() -> list[Any]:
    """Return the panels for the address and the menu."""
    return [_fields(_("Address and menu"), "", "slug", "show_in_menus")]


def audience_panels() -> list[Any]:
    """Return the panels for who answers for a page and who may see it."""
    return [
        _fields(
            _("Department and audience"),
            _("A page below a restricted page is seen by fewer people, never by more."),
            "department",
            "audience",
            "audience_departments",
            "audience_readers",
        )
    ]
