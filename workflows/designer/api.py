"""The front door of this room: import from here, never from the modules behind it."""

from .access import drafts_of
from .models import FlowDraft
from .publishing import findings_of, open_in_editor, publish_draft
from .reading import block_of, data_of, definition_of_draft, draft_from

__all__ = [
    "FlowDraft",
    "block_of",
    "data_of",
    "definition_of_draft",
    "draft_from",
    "drafts_of",
    "findings_of",
    "open_in_editor",
    "publish_draft",
]
