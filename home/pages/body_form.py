"""The form of pages with a body: an editor shows only shared blocks of the own section."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from home.base.forms import BasePageForm


def _shared_in(body: Any) -> set[int]:
    """Return the keys of the shared blocks in the body of a page."""
    return {
        block.value.pk for block in body or () if block.block_type == "shared" and block.value is not None
    }


class BodyForm(BasePageForm):
    """Refuses shared blocks of others: choosers do not offer them, and neither does a key that was typed in."""

    def clean(self) -> dict[str, Any]:
        """Compare with what the editor works with; what the page shows already may stay."""
        from .shared_blocks import SharedBlock

        cleaned: dict[str, Any] = super().clean()
        new = _shared_in(cleaned.get("body")) - _shared_in(getattr(self.instance, "body", None))
        if new:
            known = SharedBlock.objects.kept_by(self.for_user).filter(pk__in=new)
            if known.count() < len(new):
                self.add_error("body", _("A shared block that was chosen does not exist."))
        return cleaned
