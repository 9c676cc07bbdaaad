"""What a browser would send for a form, read off its HTML."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string


class _Controls(HTMLParser):
    """Collects names and values of successful controls; templates and buttons are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = QueryDict(mutable=True)
        self._select: list[Any] | None = None
        self._area: list[str] | None = None
        self._inert = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        attrs = dict(attrs)
        if tag == "template":
            self._inert += 1
        elif self._inert:
            return
        elif tag == "input" and attrs.get("name") and "disabled" not in attrs:
            kind = attrs.get("type", "text")
            if kind in ("radio", "checkbox") and "checked" in attrs:
                self.sent.appendlist(attrs["name"], attrs.get("value", "on"))
            elif kind not in ("radio", "checkbox", "file", "submit", "button"):
                self.sent.appendlist(attrs["name"], attrs.get("value") or "")
        elif tag == "select":
            self._select = [attrs["name"], None, []]
        elif tag == "option" and self._select:
            self._select[2].append(attrs.get("value", ""))
            if "selected" in attrs:
                self._select[1] = attrs.get("value", "")
        elif tag == "textarea":
            self._area = [attrs["name"], ""]

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._inert -= 1
        elif tag == "select" and self._select:
            name, chosen, offered = self._select
            self.sent.appendlist(name, chosen if chosen is not None else (offered or [""])[0])
            self._select = None
        elif tag == "textarea" and self._area:
            self.sent.appendlist(self._area[0], self._area[1].removeprefix("\n"))
            self._area = None


def page_of(form: Any) -> str:
    """Return the form as its page shows it."""
    return render_to_string("forms/fields.html", {"form": form})


def sent_from(form: Any) -> QueryDict:
    """Return what a browser sends for a form that nobody has touched."""
    reader = _Controls()
    reader.feed(page_of(form))
    return reader.sent
