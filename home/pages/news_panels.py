"""Panels of news in the admin; Wagtail's panels cannot be imported while models are made."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models.panels import PanelPlaceholder


def lead_panel() -> PanelPlaceholder:
    """Return the panel that says where a piece of news belongs, and whether it leads."""
    category = PanelPlaceholder("wagtail.admin.panels.FieldPanel", ["category"], {"widget": forms.Select})
    return PanelPlaceholder(
        "wagtail.admin.panels.MultiFieldPanel", [[category, "is_lead"]], {"heading": _("Place in the list")}
    )


def related_panel() -> PanelPlaceholder:
    """Return the panel in which the editor chooses related news; the chooser offers only what the editor may see."""
    target = PanelPlaceholder("wagtail.admin.panels.PageChooserPanel", ["target", "pages.NewsPage"], {})
    return PanelPlaceholder(
        "wagtail.admin.panels.InlinePanel",
        ["related_news"],
        {
            "panels": [target],
            "heading": _("Related news"),
            "label": _("news item"),
            "max_num": 5,
            "help_text": _("Filled up with the newest of the same category."),
        },
    )
