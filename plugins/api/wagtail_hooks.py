"""The list of add-ons in the admin's reports."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .config import API_VERSION
from .installed import installed_plugins


class AddonsView(WagtailAdminTemplateMixin, TemplateView):
    """What is plugged into this site; for superusers."""

    template_name = "plugins/addons.html"
    page_title = _("Add-ons")
    header_icon = "plus"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse everyone but superusers."""
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the plugins and the version of the interface."""
        return super().get_context_data(plugins=installed_plugins(), api_version=API_VERSION, **kwargs)


class AddonsMenuItem(MenuItem):
    """Shown to superusers only."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this person sees the entry."""
        return bool(request.user.is_superuser)


@hooks.register("register_admin_urls")
def addons_url() -> list[URLPattern]:
    """Mount the page."""
    return [path("reports/addons/", AddonsView.as_view(), name="plugins_addons")]


@hooks.register("register_reports_menu_item")
def addons_menu_item() -> MenuItem:
    """Add the entry below Reports."""
    return AddonsMenuItem(
        _("Add-ons"), reverse("plugins_addons"), name="addons", icon_name="plus", order=1500
    )
