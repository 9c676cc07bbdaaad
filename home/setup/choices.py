"""What an empty office may begin with: profiles of plugins, and the invented office."""

from __future__ import annotations

from plugins.api.api import InstalledPlugin, installed_plugins, profile_folders

DEMO = "demo"


def installable() -> list[str]:
    """Return the labels of the plugins in use that bring something to set up."""
    known = profile_folders()
    return [plugin.label for plugin in installed_plugins() if plugin.state == "ok" and plugin.label in known]


def others() -> list[InstalledPlugin]:
    """Return the plugins that cannot be set up here: switched off, outdated, or without anything to set up."""
    found = installable()
    return [plugin for plugin in installed_plugins() if plugin.label not in found]
