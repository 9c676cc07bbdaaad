"""One typed registry per extension point."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Generic, TypeVar

from django.apps import apps

T = TypeVar("T")


class UnknownCodeError(LookupError):
    """A code that no entry of the registry answers to; the message names the known ones."""


class Registry(Generic[T]):
    """Entries of one kind, each under its `code`, contributed by file name.

    `base` is the class that entries subclass (when classes are registered) or are instances of.
    `module` is the file name that installed apps may ship (`flow_steps`): it is imported on the first look-up, and
    an error inside it is raised, never swallowed.
    """

    def __init__(self, base: type, *, module: str | None = None, noun: str = "entry") -> None:
        self.base = base
        self.module = module
        self.noun = noun
        self._entries: dict[str, T] = {}
        self._loaded = module is None

    def register(self, entry: T) -> T:
        """Add an entry (usable as a decorator). Raises on a wrong type, a missing or a duplicate code."""
        kind = entry if isinstance(entry, type) else type(entry)
        if not issubclass(kind, self.base):
            raise TypeError(f"{entry!r} is not a {self.base.__name__}")
        code = getattr(entry, "code", "")
        if not isinstance(code, str) or not code:
            raise TypeError(f"{entry!r} has no `code`")
        if code in self._entries and self._entries[code] is not entry:
            raise ValueError(f"Two entries are called {code!r}: {self._entries[code]!r} and {entry!r}")
        self._entries[code] = entry
        return entry

    def unregister(self, code: str) -> None:
        """Remove one entry (tests, and plugins that are switched off)."""
        self._entries.pop(code, None)

    def get(self, code: str) -> T:
        """Return the entry called `code`, or raise `UnknownCodeError` that names the known codes."""
        self._load()
        try:
            return self._entries[code]
        except KeyError:
            known = ", ".join(sorted(self._entries)) or "none"
            raise UnknownCodeError(f"No {self.noun} is called {code!r}. Known: {known}.") from None

    def codes(self) -> list[str]:
        """Return all codes, in the order of registration."""
        self._load()
        return list(self._entries)

    def __contains__(self, code: object) -> bool:
        self._load()
        return code in self._entries

    def __iter__(self) -> Iterator[T]:
        self._load()
        return iter(list(self._entries.values()))

    def __len__(self) -> int:
        self._load()
        return len(self._entries)

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        for config in apps.get_app_configs():
            name = f"{config.name}.{self.module}"
            if find_spec(name) is not None:
                import_module(name)
