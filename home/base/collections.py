"""Which documents somebody may open, asked for all of them at once."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from home.people.api import remembered

from .models import CollectionAudience
from .page_files import DOCUMENT, seen_by
from .readers import names_of


def documents_for(user: Any) -> QuerySet[Any]:
    """Return the documents that `user` may open: what `may_open_collection` says of each of their collections, and
    `page_files.seen_by` of the pages that show them.

    Six queries; none in requests that read, as long as nothing has changed. Where collections hang in the tree is
    asked of the database each time, for moving one sends no signal.
    """
    documents = get_document_model().objects.all()
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return documents.none()
    closed = (
        frozenset() if user.is_superuser else remembered(user, "closed_collections", lambda: _closed_to(user))
    )
    documents = seen_by(user, DOCUMENT, documents)
    if not closed:
        return documents
    inner = ExpressionWrapper(OuterRef("collection__path"), output_field=CharField())
    above = Collection.objects.filter(pk__in=sorted(closed)).order_by().alias(inner=inner)
    return documents.filter(~Exists(above.filter(inner__startswith=F("path"))))


def _closed_to(user: Any) -> frozenset[int]:
    """Return the collections that are closed to the user by what is set on themselves."""
    return frozenset({*_closed_by_audience(user), *_closed_by_privacy(user)})


def _closed_by_audience(user: Any) -> list[int]:
    mine = names_of(user)
    audiences = CollectionAudience.objects.prefetch_related("departments")
    return [audience.collection_id for audience in audiences if not audience.admits(mine)]


def _closed_by_privacy(user: Any) -> list[int]:
    """Return what Wagtail's own privacy settings close: a password never opens anything here."""
    kind = CollectionViewRestriction
    mine = user.groups.order_by().values("pk")
    passed = kind.objects.filter(restriction_type=kind.GROUPS, groups__in=mine).values("pk")
    shut = kind.objects.filter(restriction_type__in=[kind.PASSWORD, kind.GROUPS]).exclude(pk__in=passed)
    return list(shut.order_by().values_list("collection", flat=True))
