"""What this room adds to Wagtail's admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .demo_admin import DemoMenuItem, demo_content


@hooks.register("register_admin_urls")
def demo_address() -> list[URLPattern]:
    """Mount the screen."""
    return [path("demo-content/", demo_content, name="demo_content")]


@hooks.register("register_settings_menu_item")
def demo_menu_item() -> MenuItem:
    """Add the entry below Settings."""
    return DemoMenuItem()
