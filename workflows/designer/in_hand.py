"""The draft as somebody has it before their eyes: with what they have typed and not saved, if the editor kept that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from wagtail.admin.models import FormState

from .models import FlowDraft
from .reading import data_of


@dataclass(frozen=True)
class InHand:
    """A draft, and whether it holds what was typed since the last revision; `at` is when it was kept."""

    draft: FlowDraft
    unsaved: bool
    at: datetime | None


def in_hand(draft: FlowDraft, user: Any) -> InHand:
    """Return the draft with the form that Wagtail keeps for the preview panel of `user`, else its latest revision.

    What was kept before the latest revision, or can no longer be read, is not used. Nothing is stored.
    """
    latest = draft.get_latest_revision_as_object()
    revision = draft.latest_revision
    saved_at = revision.created_at if revision is not None else draft.updated_at
    kept = FormState.objects.for_preview(user, draft).order_by("-last_updated_at").first()
    if kept is None or kept.last_updated_at <= saved_at:
        return InHand(latest, False, saved_at)
    form = _form_class()(QueryDict(kept.data), instance=draft.get_latest_revision_as_object(), for_user=user)
    form.defer_required_fields()
    if not form.is_valid():
        return InHand(latest, False, saved_at)
    form.save(commit=False)
    # The preview keeps the form as soon as it opens, whether anything was typed or not.
    if data_of(form.instance) == data_of(latest):
        return InHand(latest, False, saved_at)
    return InHand(form.instance, True, kept.last_updated_at)


def _form_class() -> Any:
    model: Any = FlowDraft
    return model.snippet_viewset.get_form_class(for_update=True)
