"""Who may open images and documents: everybody who is logged in, unless their collection or their pages say less."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction

from .models import CollectionAudience
from .page_files import IMAGE, may_open_file
from .readers import names_of

#: A rendition's address changes with its content; browsers of one person may keep it for an hour.
_CACHE = "private, max-age=3600"


def may_open_collection(user: Any, collection: Collection) -> bool:
    """Tell whether `user` may open what lies in the collection: it and all above it must let the user in.

    Both our own audiences (`CollectionAudience`) and Wagtail's privacy settings (groups) count. Two or three queries.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return False
    if user.is_superuser:
        return True
    paths = [
        collection.path[:end]
        for end in range(Collection.steplen, len(collection.path) + 1, Collection.steplen)
    ]
    mine = names_of(user)
    audiences = CollectionAudience.objects.filter(collection__path__in=paths)
    if not all(audience.admits(mine) for audience in audiences.prefetch_related("departments")):
        return False
    return _passes_privacy(paths, user)


def _passes_privacy(paths: list[str], user: Any) -> bool:
    """Tell whether Wagtail's own privacy settings let the user in (passwords never do here)."""
    restrictions = list(
        CollectionViewRestriction.objects.filter(collection__path__in=paths).prefetch_related("groups")
    )
    if not restrictions:
        return True
    groups = set(user.groups.values_list("pk", flat=True))
    return all(_admits(restriction, groups) for restriction in restrictions)


def _admits(restriction: Any, groups: set[int]) -> bool:
    """Tell whether one of Wagtail's privacy settings lets somebody of these groups in."""
    if restriction.restriction_type == CollectionViewRestriction.GROUPS:
        return any(group.pk in groups for group in restriction.groups.all())
    return bool(restriction.restriction_type != CollectionViewRestriction.PASSWORD)


def _image_at(path: str) -> Any:
    """Return the image that lies there, or of which this rendition was made; else None."""
    image_model = get_image_model()
    image = image_model.objects.filter(file=path).select_related("collection").first()
    if image is not None:
        return image
    rendition_model = image_model.get_rendition_model()
    rendition = rendition_model.objects.filter(file=path).select_related("image__collection").first()
    return rendition.image if rendition is not None else None


@require_safe
def serve_media(request: HttpRequest, path: str) -> FileResponse:
    """Serve an image that the reader may open; anything else below the media folder does not exist here.

    Documents have an address of their own (`/documents/…`), private files too (`/files/…`).
    """
    image = None if "\x00" in path else _image_at(path)
    if image is None or not may_open_collection(request.user, image.collection):
        raise Http404
    if not may_open_file(request.user, IMAGE, image):
        raise Http404
    try:
        file = default_storage.open(path)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file)
    response.headers["Cache-Control"] = _CACHE
    response.headers["X-Content-Type-Options"] = "nosniff"
    if path.endswith(".svg"):
        # An uploaded drawing may carry script: it must not run when the file is opened by itself.
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def media_prefix() -> str:
    """Return the address of the media folder as a URL pattern needs it, without the leading slash."""
    return str(settings.MEDIA_URL).lstrip("/")
