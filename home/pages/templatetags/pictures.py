"""Pictures of pages: a file that is missing or broken costs its reader a picture, never the page."""

from __future__ import annotations

import logging
from typing import Any

from django import template
from PIL import Image
from willow.svg import WillowSvgException

logger = logging.getLogger(__name__)
register = template.Library()

#: What is raised for a file that is not there, is no image, is cut off, or would fill the memory.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError, WillowSvgException)


@register.simple_tag
def sized(image: Any, spec: str) -> Any:
    """Return the image in the size of Wagtail's `spec` ("width-1200"), or None when its file cannot be read."""
    if image is None:
        return None
    try:
        return image.get_rendition(spec)
    except _BROKEN as problem:
        logger.warning("The file of image %s cannot be shown: %s", image.pk, problem)
        return None
