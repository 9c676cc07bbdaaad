"""Dossiers as the lines of a list: with type, submitter and version, without what no line shows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import QuerySet

from plugins.api.api import PreparedFamily, example_keys

from .models import Dossier

#: Dossiers with what a list marks on them for one reader (primary key).
Among = Callable[[Any], "QuerySet[Dossier]"]


def lines_of(
    keys: Collection[int], *, reader: int | None = None, among: Among | None = None
) -> dict[int, Dossier]:
    """Return the dossiers by key. One query, whose SQL is built once for as many; definitions are left out.

    `among` returns the dossiers with what is annotated for the primary key of a reader: a function of a module.
    """
    if not keys:
        return {}
    values = keys if among is None else [reader, *keys]
    return {dossier.pk: dossier for dossier in _lines.of(among, len(values)).all(*values)}


def _build(among: Among | None, _number: int, *values: Any) -> QuerySet[Dossier]:
    found, keys = (Dossier.objects.all(), values) if among is None else (among(values[0]), values[1:])
    kept = found.filter(pk__in=keys).select_related("type", "submitter", "version")
    return kept.defer("version__definition", "answers")


_lines: PreparedFamily[Dossier] = PreparedFamily(_build, lambda _among, number: example_keys(number))
