"""Versions as flows and forms need them, asked by SQL that is built once.

A definition is read once for each process (`definition_of`), so that it stays in the database unless something asks.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists
from django.utils import timezone

from home.people.api import Delegation
from plugins.api.api import EXAMPLE_KEY, Prepared
from workflows.dossiers.api import DossierType, FlowVersion

_whole: Prepared[FlowVersion] = Prepared(
    lambda pk: FlowVersion.objects.filter(pk=pk).order_by(), EXAMPLE_KEY, keyed=True
)
_with_type: Prepared[FlowVersion] = Prepared(
    lambda pk: FlowVersion.objects.filter(pk=pk).select_related("type").defer("definition").order_by(),
    EXAMPLE_KEY,
    write=True,
    keyed=True,
)
_offered: Prepared[DossierType] = Prepared(
    lambda version, day: (
        DossierType.objects.filter(current=version, is_active=True)
        .only("pk")
        .annotate(somebody_is_away=Exists(Delegation.objects.valid_on(day)))
        .order_by()
    ),
    EXAMPLE_KEY,
    date(1900, 1, 1),
    write=True,
    keyed=True,
)
_to_start: Prepared[DossierType] = Prepared(
    lambda code: (
        DossierType.objects.filter(code=code, is_active=True, current__isnull=False)
        .select_related("current__schema", "department")
        .defer("current__definition")
        .order_by()
    ),
    "example-code",
    keyed=True,
)


def whole_version(pk: int) -> FlowVersion | None:
    """Return a version with its definition."""
    return _whole.first(pk)


def version_called(pk: int) -> FlowVersion:
    """Return a version with its type. Raises `FlowVersion.DoesNotExist`."""
    found = _with_type.first(pk)
    if found is None:
        raise FlowVersion.DoesNotExist(f"There is no version {pk}.")
    return found


def offer_of(version: FlowVersion) -> DossierType | None:
    """Return the type if new dossiers may begin on this very version, and whether `somebody_is_away` today."""
    return _offered.first(version.pk, timezone.localdate())


def current_version(code: str) -> FlowVersion | None:
    """Return the version that new dossiers of a type begin on, with its type, department and questions."""
    kind = _to_start.first(code)
    if kind is None or kind.current is None:
        return None
    kind.current.type = kind
    return kind.current
