"""Which collections of images and documents somebody may open, asked for all of them at once."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from home.people.api import remembered

from .models import CollectionAudience
from .readers import names_of


def open_collections(user: Any) -> frozenset[int] | None:
    """Return the collections that `user` may open (`may_open_collection` for each of them); None stands for all.

    Five queries; none in requests that read, as long as nothing has changed.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return None
    return remembered(user, "open_collections", lambda: _open_to(user))


def _open_to(user: Any) -> frozenset[int]:
    closed = (*_closed_by_audience(user), *_closed_by_privacy(user))
    paths = Collection.objects.order_by().values_list("pk", "path")
    return frozenset(pk for pk, path in paths if not path.startswith(closed))


def _closed_by_audience(user: Any) -> list[str]:
    mine = names_of(user)
    audiences = CollectionAudience.objects.select_related("collection").prefetch_related("departments")
    return [audience.collection.path for audience in audiences if not audience.admits(mine)]


def _closed_by_privacy(user: Any) -> list[str]:
    """Return what Wagtail's own privacy settings close: a password never opens anything here."""
    kind = CollectionViewRestriction
    mine = user.groups.order_by().values("pk")
    passed = kind.objects.filter(restriction_type=kind.GROUPS, groups__in=mine).values("pk")
    shut = kind.objects.filter(restriction_type__in=[kind.PASSWORD, kind.GROUPS]).exclude(pk__in=passed)
    return list(shut.order_by().values_list("collection__path", flat=True))


def documents_for(user: Any) -> QuerySet[Any]:
    """Return the documents that `user` may open: those of open collections."""
    documents = get_document_model().objects.all()
    ids = open_collections(user)
    return documents if ids is None else documents.filter(collection__in=sorted(ids))
