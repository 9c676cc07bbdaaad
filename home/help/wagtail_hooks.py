"""The way to the help from the admin."""

from __future__ import annotations

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_help_menu_item")
def help_menu_item() -> MenuItem:
    """Add our chapters on top of the admin's own help."""
    return MenuItem(
        _("Help of this office"), reverse_lazy("help"), name="office-help", icon_name="help", order=10
    )
