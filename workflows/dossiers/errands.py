"""The kinds of work that follows a change of state: what each does, contributed by `errand_kinds.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise

from plugins.api.api import Registry

from .models import Errand


class UnreachableError(Exception):
    """Work was wanted of another system, which is not there: whoever else needs it waits as well."""


@dataclass(frozen=True)
class ErrandKind:
    """One kind of work.

    `run(errand)` is called outside of any transaction and of any lock on the dossier, and returns plain JSON that is
    kept as the errand's result. It may open transactions of its own. Whatever it raises is kept and the work is tried
    again later. A worker may die after the work and before its result is kept, so that `run` may be called again for
    work that is done: `errand.key` is the same each time.

    `alike(errand)` says which work of this kind needs the same system. When that is not there (`UnreachableError`), it
    is put off too: a worker that waited for it a hundred times would keep everybody else.
    """

    code: str
    label: str | Promise
    run: Callable[[Errand], dict[str, Any]]
    alike: Callable[[Errand], Q] | None = None


errand_kinds: Registry[ErrandKind] = Registry(ErrandKind, module="errand_kinds", noun="kind of errand")
