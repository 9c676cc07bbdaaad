"""The preview of a draft: its flow as it would run, and what the checks find."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.response import TemplateResponse

from home.forms.api import SchemaError
from workflows.engine.api import Way, draw

from .models import FlowDraft
from .publishing import findings_of
from .reading import definition_of_draft


def page(draft: FlowDraft, request: HttpRequest) -> TemplateResponse:
    """Return the page that Wagtail's preview panel shows."""
    try:
        drawing = draw(Way(definition_of_draft(draft)))
    except SchemaError:
        drawing = None
    context = {"draft": draft, "drawing": drawing, "findings": findings_of(draft)}
    return TemplateResponse(request, "designer/preview.html", context)
