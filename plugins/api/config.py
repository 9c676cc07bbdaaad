"""What a plugin says about itself."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import ClassVar

from django.apps import AppConfig
from django.utils.functional import Promise
from packaging.specifiers import SpecifierSet

#: The version of the plugin interface: minor when something is added, major when something goes away.
API_VERSION = "1.0"


class PluginConfig(AppConfig):
    """The app configuration of a plugin; `api` and `title` are mandatory.

    `api` is the range of interface versions the plugin was written for (PEP 440, `">=1.0,<2"`).
    `profile` is the folder below `profiles/` that `manage.py load_profile <label>` reads.
    `url_prefix` is where `urls.py` is mounted, `x/<label>/` unless given.
    """

    api: ClassVar[str]
    title: ClassVar[str | Promise]
    description: ClassVar[str | Promise] = ""
    version: ClassVar[str] = ""
    profile: ClassVar[str] = "default"
    url_prefix: ClassVar[str] = ""

    @classmethod
    def fits(cls, version: str = API_VERSION) -> bool:
        """Say whether the plugin was written for this version of the interface."""
        return SpecifierSet(cls.api).contains(version, prereleases=True)

    @property
    def prefix(self) -> str:
        """Where the addresses of the plugin start, without the leading slash."""
        return self.url_prefix or f"x/{self.label}/"

    @property
    def profile_folder(self) -> Path:
        """Where the install profile of the plugin lies; the folder may be missing."""
        return Path(self.path) / "profiles" / self.profile

    def urls(self) -> ModuleType | None:
        """Return the plugin's `urls` module, or None when it ships none."""
        name = f"{self.name}.urls"
        return import_module(name) if find_spec(name) else None
