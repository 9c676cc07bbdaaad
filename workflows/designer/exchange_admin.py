"""Where files, templates and copies are found in the Wagtail admin: addresses and buttons beside the list of drafts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button, HeaderButton

from .exchange_views import hand_out, take_in_file
from .gallery import gallery, start_from_template, start_from_type
from .models import FlowDraft

NAMES = "wagtailsnippets_designer_flowdraft"


def exchange_patterns() -> list[URLPattern]:
    """Return the addresses; `pk` is always a draft, which the gate looks for."""
    return [
        path("take-in/", take_in_file, name="take_in"),
        path("export/<int:pk>/yaml/", hand_out, {"form": "yaml"}, name="export_yaml"),
        path("export/<int:pk>/bpmn/", hand_out, {"form": "bpmn"}, name="export_bpmn"),
        path("gallery/", gallery, name="gallery"),
        path("gallery/template/<slug:name>/", start_from_template, name="start_from_template"),
        path("gallery/type/<int:type_pk>/", start_from_type, name="start_from_type"),
    ]


def start_buttons() -> list[HeaderButton]:
    """Return the buttons above the list that lead to a new draft."""
    return [
        HeaderButton(_("Start from a template"), url=reverse(f"{NAMES}:gallery"), icon_name="copy"),
        HeaderButton(_("Take in from a file"), url=reverse(f"{NAMES}:take_in"), icon_name="upload"),
    ]


def row_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Yield the exports of a draft."""
    if isinstance(snippet, FlowDraft):
        for form, words in (("yaml", _("Export YAML")), ("bpmn", _("Export BPMN"))):
            address = reverse(f"{NAMES}:export_{form}", args=[snippet.pk])
            yield Button(words, url=address, icon_name="download", priority=60)
