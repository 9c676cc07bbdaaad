"""Which plugins this site has, and where their addresses are."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from .config import PluginConfig
from .discovery import Found, found

STATES = {
    "ok": _("in use"),
    "outdated": _("left out: written for another version of the interface"),
    "disabled": _("switched off"),
}


@dataclass(frozen=True)
class InstalledPlugin:
    """One line of the list of add-ons; `state` is a key of `STATES`."""

    label: str
    title: str
    description: str
    version: str
    api: str
    source: str
    state: str

    @property
    def state_label(self) -> str:
        """Return the state in the reader's words."""
        return str(STATES[self.state])


def installed_plugins() -> list[InstalledPlugin]:
    """Return every plugin that discovery saw, those switched off and those left out included."""
    return [_line(plugin) for plugin in found()]


def _line(plugin: Found) -> InstalledPlugin:
    config = plugin.config
    state = "disabled" if plugin.disabled else "outdated" if plugin.outdated else "ok"
    return InstalledPlugin(
        label=plugin.label,
        title=str(config.title) if config else plugin.label,
        description=str(config.description) if config else "",
        version=plugin.version,
        api=config.api if config else "",
        source=plugin.source,
        state=state,
    )


def plugin_configs() -> list[PluginConfig]:
    """Return the configurations of the plugins in use."""
    return [config for config in apps.get_app_configs() if isinstance(config, PluginConfig)]


def plugin_urls() -> list[URLPattern | URLResolver]:
    """Return the address patterns of all plugins that ship `urls.py`; the root URLconf includes them."""
    with_urls = [(config.prefix, config.urls()) for config in plugin_configs()]
    return [path(prefix, include(urls)) for prefix, urls in with_urls if urls is not None]
