"""Pictures of pages, for people who are logged in. Documents and attachments have gates of their own."""

import mimetypes

from django.contrib.auth.decorators import login_required
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

#: Folders of the media storage that hold pictures and nothing else.
FOLDERS = ("images/", "avatar_images/")
PICTURES = frozenset({"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"})
A_DAY = 24 * 60 * 60


@require_safe
@login_required
def picture(request: HttpRequest, path: str) -> FileResponse:
    """Serve one rendition or portrait; anything else below the media folder is 404."""
    content_type = mimetypes.guess_type(path)[0]
    if not path.startswith(FOLDERS) or content_type not in PICTURES or ".." in path.split("/"):
        raise Http404
    try:
        file = default_storage.open(path)
    except (OSError, SuspiciousOperation, ValueError) as error:
        raise Http404 from error
    response = FileResponse(file, content_type=content_type)
    response["Cache-Control"] = f"private, max-age={A_DAY}"
    return response
