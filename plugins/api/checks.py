"""System checks: plugins that do not fit, registries with broken entries, addresses that collide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import WARNING, CheckMessage, Error, register

from .config import API_VERSION
from .discovery import found
from .installed import plugin_configs
from .registry import registries


@register("plugins")
def check_api_range(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report plugins that were written for another interface version (plugins.E001).

    A warning, not an error: the plugin is left out, and `migrate`, the worker and the site must still start.
    """
    return [
        CheckMessage(
            WARNING,
            f"The plugin {plugin.label!r} was left out: it is written for the plugin interface "
            f"{plugin.config.api}, this site offers {API_VERSION}.",
            hint=f"Update it ({plugin.source}), or switch it off with PLUGINS_DISABLED={plugin.label}.",
            id="plugins.E001",
        )
        for plugin in found()
        if plugin.config is not None and plugin.outdated
    ]


@register("plugins")
def check_registries(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report contributed files that cannot be loaded (plugins.E002) and broken entries (plugins.E003)."""
    messages: list[CheckMessage] = []
    for registry in registries():
        try:
            problems = registry.problems()
        except Exception as error:
            notes = " ".join(getattr(error, "__notes__", []))
            text = f"{type(error).__name__}: {error} {notes}".strip()
            messages.append(Error(text, hint="Repair the file that is named here.", id="plugins.E002"))
        else:
            messages += [Error(problem, id="plugins.E003") for problem in problems]
    return messages


@register("plugins")
def check_prefixes(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report address prefixes that are malformed or taken twice (plugins.E004)."""
    messages: list[CheckMessage] = []
    taken: dict[str, str] = {}
    for config in plugin_configs():
        prefix = config.prefix
        if prefix.startswith("/") or not prefix.endswith("/"):
            text = f"The plugin {config.label!r} has url_prefix {prefix!r}; write 'x/{config.label}/'."
            messages.append(Error(text, id="plugins.E004"))
        if prefix in taken:
            text = f"The plugins {taken[prefix]!r} and {config.label!r} share the address prefix {prefix!r}."
            messages.append(Error(text, hint="Give one of them another url_prefix.", id="plugins.E004"))
        taken[prefix] = config.label
    return messages
