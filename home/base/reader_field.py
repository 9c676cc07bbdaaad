"""Choosing readers in the admin: one search box for positions, groups, people and whatever else is registered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from home.people.api import nfc

from .readers import READER, described, readers_like

#: More letters than this are no name; fewer find everybody.
MAX_QUERY, MIN_QUERY = 100, 2
#: Whoever wants to name more people than this wants a group.
MAX_READERS = 300


class ReadersWidget(forms.Widget):
    """Chips of those chosen, and a box that searches for more (`admin_readers.js`)."""

    template_name = "base/admin/readers.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Return all values sent under this name."""
        sent = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [text for text in sent if text]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Tell that nothing was sent only when the form did not show the field: no chip at all sends its marker."""
        return name not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """Render with the templates of the site."""
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "chosen": described(value or []),
            "url": reverse("audience_readers"),
        }
        return render_to_string(self.template_name, context)


class ReadersField(forms.Field):
    """A list of readers as they are stored; unreadable ones are refused, those that are gone are dropped."""

    widget = ReadersWidget
    default_error_messages = {
        "unreadable": _("“%(reader)s” is no reader. Choose from the list that the search shows."),
        "many": _("At most %(most)d readers. Make a group of them."),
    }

    def clean(self, value: Any) -> list[str]:
        """Return the readers that exist, each once."""
        texts = [str(text) for text in value or [] if text]
        for text in texts:
            if not READER.fullmatch(text):
                shown = text[:60]
                raise ValidationError(self.error_messages["unreadable"], "unreadable", {"reader": shown})
        if len(set(texts)) > MAX_READERS:
            raise ValidationError(self.error_messages["many"], "many", {"most": MAX_READERS})
        return [one.value for one in described(texts)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether others are chosen now; their order does not matter."""
        return set(initial or []) != set(data or [])


@require_safe
def find_readers(request: HttpRequest) -> JsonResponse:
    """Answer the search box: readers of all kinds whose names hold the words of `?q=`."""
    query = nfc(request.GET.get("q", "").replace("\x00", "").strip())[:MAX_QUERY]
    found = readers_like(request.user, query) if len(query) >= MIN_QUERY else []
    rows = [{"value": one.value, "name": one.name, "kind": one.kind} for one in found]
    return JsonResponse({"readers": rows})


def readers_script() -> str:
    """Return the script that the widget needs."""
    return format_html('<script src="{}"></script>', static("base/admin_readers.js"))
