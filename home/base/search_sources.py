"""Documents, in the search: by title, file name, tags and the text that was read in them."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import TaggedItem
from wagtail.documents import get_document_model

from .collections import documents_for
from .document_text import ask_for_text, text_of
from .searching import Entry, Indexed, SearchSource, search_sources


def document_entry(document: Any) -> Entry:
    """Return what is found of a document; its text is asked for when nobody has read this file yet."""
    ask_for_text(document)
    return Entry(
        title=document.title,
        text=text_of(document),
        more=" ".join([PurePath(document.file.name).name, *document.tags.names()]),
        url=document.url,
        day=timezone.localdate(document.created_at),
    )


def _tagged(item: Any) -> list[Any]:
    """Return the document that got this tag or lost it: tags are stored after their document."""
    document = item.content_object if item.content_type.model_class() is get_document_model() else None
    return [document] if document is not None else []


search_sources.register(
    SearchSource(
        code="documents",
        label=_("Documents"),
        icon="file-text",
        order=50,
        indexed=Indexed(
            model=get_document_model(),
            visible_to=documents_for,
            entry=document_entry,
            follows={TaggedItem: _tagged},
        ),
    )
)
