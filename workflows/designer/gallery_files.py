"""The gallery: dossier types to start from. Each is a file that names no department of any office."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from home.forms.api import Label, Strict, Text
from plugins.api.api import read_yaml
from workflows.definitions.api import Definition

#: Where a file says `@owner`, the department that was chosen for it stands afterwards.
_PLACE = re.compile(r"@([a-z_]+)")
#: Under which keys departments (and registers, which are named after them) stand.
_KEYS = frozenset({"department", "departments", "head_of", "deputy_of", "register", "code"})
_FOLDER = Path(__file__).parent / "gallery"


class Ask(Strict):
    """A department that has to be chosen: its name in the file, what it is for, and what it does."""

    code: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    label: Label
    help: Text = ""


class Template(Strict):
    """One entry of the gallery. The department that owns the type is always asked for, as `owner`."""

    order: int = 100
    icon: str = "file-text"
    summary: Label
    asks: Annotated[list[Ask], Field(min_length=1)]
    definition: dict[str, Any]

    @property
    def title(self) -> Any:
        """The title of the type."""
        return self.definition["title"]

    def filled(self, departments: Mapping[str, str]) -> Definition:
        """Return the definition with the codes of the chosen departments, by the names of `asks`."""
        return Definition.parse(_filled(self.definition, departments))

    def sample(self) -> Definition:
        """Return the definition with the words of `asks` in place of departments: for its picture alone."""
        return self.filled({ask.code: ask.code for ask in self.asks})


def templates() -> dict[str, Template]:
    """Return the gallery by name, in its order."""
    return dict(sorted(_read().items(), key=lambda item: (item[1].order, item[0])))


@lru_cache(maxsize=1)
def _read() -> dict[str, Template]:
    adapter = TypeAdapter(Template)
    return {path.stem: adapter.validate_python(read_yaml(path).data) for path in _FOLDER.glob("*.yaml")}


def _filled(data: Any, departments: Mapping[str, str], key: str = "") -> Any:
    if isinstance(data, dict):
        return {name: _filled(value, departments, name) for name, value in data.items()}
    if isinstance(data, list):
        return [_filled(value, departments, key) for value in data]
    if isinstance(data, str) and key in _KEYS:
        return _PLACE.sub(lambda found: departments[found[1]], data)
    return data
