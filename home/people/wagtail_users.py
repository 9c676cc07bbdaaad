"""Wagtail's user administration, with our forms and without deletion."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class OfficeUsersConfig(WagtailUsersAppConfig):
    """Replaces "wagtail.users" in the settings."""

    user_viewset = "home.people.user_admin.OfficeUserViewSet"
