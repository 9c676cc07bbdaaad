"""The form of notices in the admin: must it be read, until when, and is an edit to be confirmed again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models.panels import PanelPlaceholder

from .body_form import BodyForm


class NoticeForm(BodyForm):
    """Adds the editor's choice “ask again”, which is kept in the draft as the round after the present one."""

    ask_again = forms.BooleanField(
        label=gettext_lazy("Ask again"),
        required=False,
        help_text=gettext_lazy(
            "This edit changes what people must know: when it is published, everybody confirms once more. "
            "Leave it for corrections of spelling."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present_round = self._present_round()
        if "ask_again" in self.fields:
            self.initial["ask_again"] = self.instance.reading_round > self.present_round
            if not self.instance.live:
                # Nobody has confirmed anything yet, or what was confirmed is withdrawn from everybody's eyes.
                self.fields["ask_again"].disabled = True

    def _present_round(self) -> int:
        """Return the round of the published notice; the instance may be a draft that begins the next one."""
        model = type(self.instance)
        found = model.objects.filter(pk=self.instance.pk).values_list("reading_round", flat=True)
        return found.first() or 1

    def clean(self) -> dict[str, Any]:
        """Refuse a deadline for what need not be read."""
        cleaned = super().clean()
        if cleaned.get("read_until") and not cleaned.get("must_read"):
            self.add_error("read_until", _("Only a notice that must be read has such a day."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Keep the choice in the draft."""
        if "ask_again" in self.fields:
            again = bool(self.cleaned_data.get("ask_again"))
            self.instance.reading_round = self.present_round + again
        return super().save(commit)


def reading_panels() -> PanelPlaceholder:
    """Return the panel for notices that must be read; Wagtail's panels cannot be imported yet."""
    choice = PanelPlaceholder("wagtail.admin.panels.FieldPanel", ["ask_again"], {})
    return PanelPlaceholder(
        "wagtail.admin.panels.MultiFieldPanel",
        [["must_read", "read_until", choice]],
        {"heading": gettext_lazy("To be confirmed by readers")},
    )
