"""Meeting rooms in the Wagtail admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Room


class RoomViewSet(SnippetViewSet):
    """The rooms that can be booked."""

    model = Room
    icon = "home"
    menu_label = _("Meeting rooms")
    menu_name = "meeting-rooms"
    menu_order = 710
    add_to_admin_menu = True
    list_display = ["name", "capacity", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name"]


register_snippet(RoomViewSet)
