"""Stamps, in the search page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from home.base.api import Hit, SearchSource, search_sources


def find_stamps(user: Any, query: str, limit: int) -> list[Hit]:
    """Return stamps whose name holds the query."""
    from .models import Stamp

    url = reverse("congso_stamps:list")
    return [Hit(stamp.name, url) for stamp in Stamp.objects.filter(name__icontains=query)[:limit]]


search_sources.register(SearchSource(code="stamps", label=_("Stamps"), search=find_stamps))
