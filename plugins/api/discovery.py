"""Find plugins: the folders below `plugins/`, and entry points of other distributions.

Settings call `discover()` while Django is not set up yet, so nothing here touches models or settings.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from .config import API_VERSION, PluginConfig

#: The entry point group of installed distributions; the value is the dotted path of the PluginConfig.
GROUP = "congso.plugins"
FOLDER = Path(__file__).resolve().parent.parent


class PluginError(Exception):
    """A plugin that cannot be read; the message names the plugin, the file and what to do."""


@dataclass(frozen=True)
class Found:
    """One plugin as discovery saw it."""

    label: str
    path: str
    config: type[PluginConfig] | None
    source: str
    version: str = ""
    disabled: bool = False

    @property
    def outdated(self) -> bool:
        """Whether the plugin was written for another version of the interface."""
        return self.config is not None and not self.config.fits()

    @property
    def usable(self) -> bool:
        """Whether the plugin is taken into the site."""
        return self.config is not None and not self.outdated


_found: list[Found] = []


def found() -> list[Found]:
    """Return what the settings' call of `discover` saw, switched off and outdated plugins included."""
    return list(_found)


def discover(*, disabled: Iterable[str] = ()) -> list[str]:
    """Return the dotted paths of the usable plugins' configurations, for INSTALLED_APPS.

    `disabled` holds labels (folder or entry point names) that are not even imported. A plugin that was
    written for another interface version is left out, and a system check says so. A broken one raises
    `PluginError`.
    """
    _found[:] = survey(disabled=disabled)
    return [plugin.path for plugin in _found if plugin.usable]


def survey(
    *,
    folder: Path = FOLDER,
    package: str = "plugins",
    entries: Iterable[EntryPoint] | None = None,
    disabled: Iterable[str] = (),
) -> list[Found]:
    """Look at every plugin of a folder and of the entry points; the order is by label, folder first."""
    off = set(disabled)
    entries = entry_points(group=GROUP) if entries is None else entries
    seen: dict[str, Found] = {}
    for plugin in (*_in_folder(folder, package, off), *_installed(entries, off)):
        if plugin.label in seen:
            raise PluginError(
                f"Two plugins are called {plugin.label!r}: {seen[plugin.label].source} and {plugin.source}. "
                "Give one of them another label."
            )
        seen[plugin.label] = plugin
    return list(seen.values())


def _in_folder(folder: Path, package: str, off: set[str]) -> Iterator[Found]:
    for file in sorted(folder.glob("*/apps.py")):
        name = file.parent.name
        if name == "api":
            continue
        path = f"{package}.{name}.apps"
        if name in off:
            yield Found(name, path, None, str(file), disabled=True)
            continue
        configs = _configs(_import(path, name, file))
        if not configs:
            continue
        if len(configs) > 1:
            raise PluginError(f"Plugin {name!r}: {file} holds more than one PluginConfig; keep one.")
        yield _describe(configs[0], source=str(file))


def _installed(entries: Iterable[EntryPoint], off: set[str]) -> Iterator[Found]:
    for entry in sorted(entries, key=lambda entry: entry.name):
        dist = f"{entry.dist.name} {entry.dist.version}" if entry.dist else "an unknown distribution"
        source = f"{dist} ({entry.value})"
        if entry.name in off:
            yield Found(entry.name, entry.value, None, source, disabled=True)
            continue
        module, _, attribute = entry.value.replace(":", ".").rpartition(".")
        config = getattr(_import(module, entry.name, source), attribute, None)
        if not (inspect.isclass(config) and issubclass(config, PluginConfig)):
            raise PluginError(
                f"Plugin {entry.name!r}: the entry point of {source} does not name a PluginConfig. "
                "Its value must look like 'package.apps.MyConfig'."
            )
        yield _describe(config, source=source, version=entry.dist.version if entry.dist else "")


def _import(path: str, name: str, source: object) -> ModuleType:
    try:
        return import_module(path)
    except Exception as error:
        raise PluginError(
            f"Plugin {name!r} cannot be loaded from {source}: {type(error).__name__}: {error}. "
            f"Repair it, or switch it off with PLUGINS_DISABLED={name}."
        ) from error


def _configs(module: ModuleType) -> list[type[PluginConfig]]:
    return [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, PluginConfig) and value.__module__ == module.__name__
    ]


def _describe(config: type[PluginConfig], *, source: str, version: str = "") -> Found:
    """Check what the class says about itself, without making an instance (Django does that later)."""
    path = f"{config.__module__}.{config.__qualname__}"
    for attribute in ("name", "api", "title"):
        value = getattr(config, attribute, None)
        if value is None or (isinstance(value, str) and not value):
            raise PluginError(f"Plugin {path} in {source} has no `{attribute}`: add it to the class.")
    try:
        SpecifierSet(config.api)
    except InvalidSpecifier:
        raise PluginError(
            f"Plugin {path} in {source}: api = {config.api!r} is not a version range. "
            f"Write for example '>={API_VERSION},<2'."
        ) from None
    label = getattr(config, "label", None) or config.name.rpartition(".")[2]
    return Found(label, path, config, source, version=config.version or version)
