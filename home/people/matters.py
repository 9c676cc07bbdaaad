"""What a delegation or an authority to sign may be limited to: matters, each under a stable code.

The rooms above know the matters (types of dossiers); they contribute them by a file `delegation_matters.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from plugins.api.api import Registry

#: The codes of one mandate; None stands for all matters.
Codes = frozenset[str] | None


@dataclass(frozen=True, kw_only=True)
class MatterSource:
    """One kind of matter; `label()` returns what can be chosen today as `(code, label)` in the reader's language.

    It is called when a form is drawn or checked, not on other pages, and may cost a query.
    """

    code: str
    label: Callable[[], Iterable[tuple[str, str | Promise]]]


#: Rooms and plugins may ship a `delegation_matters.py` that registers `MatterSource`s here.
matters: Registry[MatterSource] = Registry(
    MatterSource, module="delegation_matters", noun="source of delegation matters"
)


def known_matters() -> dict[str, str]:
    """Return the labels of all matters by their codes, in the order of the sources; the first of a code counts."""
    found: dict[str, str] = {}
    for source in matters:
        for code, label in source.label():
            found.setdefault(code, str(label))
    return found


def codes_of(stored: object) -> Codes:
    """Return the codes of a stored list: none listed means all; what is no list (imported) covers nothing."""
    if not isinstance(stored, list):
        return frozenset()
    return frozenset(map(str, stored)) or None


def in_common(one: Codes, two: Codes) -> Codes:
    """Return the codes that both cover; an empty set means that they share nothing."""
    if one is None:
        return two
    return one if two is None else one & two


def covers(codes: Codes, matter: str) -> bool:
    """Tell whether `matter` is among the codes; no matter in particular ("") is only among all."""
    return codes is None or (bool(matter) and matter in codes)
