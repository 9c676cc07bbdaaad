"""One typed registry per extension point."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from threading import RLock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from django.apps import apps

T = TypeVar("T")

#: What a code looks like: stable, lower case, usable in addresses and in YAML.
CODE = re.compile(r"[a-z][a-z0-9]*(?:[_.:-][a-z0-9]+)*")

#: The packages whose apps declare registries in their front doors.
ROOMS = ("home", "workflows", "plugins")

_registries: WeakSet[Registry[Any]] = WeakSet()


def registries() -> list[Registry[Any]]:
    """Return every registry that apps can contribute to by file name, in the order of those file names.

    A registry exists once its module is imported, so the front doors (`api.py`) of our rooms are imported first.
    """
    for config in apps.get_app_configs():
        name = f"{config.name}.api"
        if config.name.split(".")[0] in ROOMS and find_spec(name) is not None:
            import_module(name)
    named = [registry for registry in _registries if registry.module]
    return sorted(named, key=lambda registry: (registry.module or "", registry.declared_in))


class UnknownCodeError(LookupError):
    """A code that no entry of the registry answers to; the message names the known ones."""


class Registry(Generic[T]):
    """Entries of one kind, each under its `code`, contributed by file name.

    `base` is the class that entries subclass (when classes are registered) or are instances of.
    `module` is the file name that installed apps may ship (`flow_steps`): it is imported on the first
    look-up, and an error inside it is raised at every look-up until it is repaired, never swallowed.
    `check` receives an entry and returns sentences that say what is wrong with it, for `manage.py check`.
    """

    def __init__(
        self,
        base: type,
        *,
        module: str | None = None,
        noun: str = "entry",
        check: Callable[[T], Iterable[str]] | None = None,
    ) -> None:
        self.base = base
        self.module = module
        self.noun = noun
        self.declared_in: str = sys._getframe(1).f_globals.get("__name__", "")
        self._check = check
        self._entries: dict[str, T] = {}
        self._lock = RLock()
        self._loaded = module is None
        self._loading = False
        _registries.add(self)

    def __repr__(self) -> str:
        return f"<Registry of {self.base.__name__} ({self.module or 'no file name'})>"

    def register(self, entry: T) -> T:
        """Add an entry (usable as a decorator). Raises on a wrong type, a missing or a duplicate code."""
        kind = entry if isinstance(entry, type) else type(entry)
        if not issubclass(kind, self.base):
            raise TypeError(f"{entry!r} is not a {self.base.__name__}.")
        code = getattr(entry, "code", "")
        if not isinstance(code, str) or not code:
            raise TypeError(f"{entry!r} has no `code`: give it a short stable text.")
        if code in self._entries and self._entries[code] is not entry:
            raise ValueError(
                f"Two entries of {self.noun!r} are called {code!r}: {self._entries[code]!r} and {entry!r}."
            )
        self._entries[code] = entry
        return entry

    def unregister(self, code: str) -> None:
        """Remove one entry; nothing happens when there is none."""
        self._entries.pop(code, None)

    @contextmanager
    def override(self, *entries: T, without: Iterable[str] = ()) -> Iterator[Registry[T]]:
        """Add or replace `entries` and hide the codes of `without` for the time of the block (tests).

        Unlike `register`, an entry whose code is taken replaces the other one.
        """
        self._load()
        before = dict(self._entries)
        try:
            for code in (*without, *(getattr(entry, "code", "") for entry in entries)):
                self.unregister(code)
            for entry in entries:
                self.register(entry)
            yield self
        finally:
            self._entries = before

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

    def problems(self) -> list[str]:
        """Return what is wrong with the entries, one sentence each; raises what a contributed file raises."""
        found = []
        for entry in self:
            code = getattr(entry, "code", "")
            name = f"{self.noun} {code!r}"
            if not CODE.fullmatch(code):
                found.append(f"{name}: the code must be lower-case letters, digits and single separators.")
            if isinstance(entry, type) and inspect.isabstract(entry):
                missing = ", ".join(sorted(getattr(entry, "__abstractmethods__", ())))
                found.append(f"{name}: {entry.__qualname__} does not implement {missing}.")
            if self._check:
                found += [f"{name}: {problem}" for problem in self._check(entry)]
        return found

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
        """Import the contributed files once; other threads wait until all are in."""
        if self._loaded:
            return
        with self._lock:
            if self._loaded or self._loading:
                return
            self._loading = True
            try:
                for config in apps.get_app_configs():
                    self._import(config.name)
                self._loaded = True
            finally:
                self._loading = False

    def _import(self, app: str) -> None:
        """Import one app's file; when it breaks, leave no half of its entries behind and name the file."""
        name = f"{app}.{self.module}"
        if find_spec(name) is None:
            return
        before = dict(self._entries)
        try:
            import_module(name)
        except Exception as error:
            self._entries = before
            error.add_note(f"While loading {name}, which contributes to the registry {self.noun!r}.")
            raise
