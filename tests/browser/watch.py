"""Watches browsers: nothing leaves the site, nothing is missing, no script and no policy complains."""

from __future__ import annotations

import re
from typing import Any

LOCAL = ("data:", "blob:", "about:", "chrome:", "chrome-extension:")
#: Chromium writes every page that is no 200 to the console; the answers of pages are checked by the tests.
REFUSAL = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


class Watch:
    """Collects what must not happen in any page of the contexts that it follows."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.complaints: list[str] = []

    def follow(self, context: Any) -> None:
        """Listen to a browser context."""
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.origin, *LOCAL)):
            self.complaints.append(f"left the site: {request.url}")

    def _response(self, response: Any) -> None:
        part_of_page = response.request.resource_type not in {"document", "fetch", "xhr"}
        if response.status >= 500 or (part_of_page and response.status >= 400):
            self.complaints.append(f"{response.status}: {response.url}")

    def _console(self, message: Any) -> None:
        if message.type == "error" and not REFUSAL.match(message.text):
            self.complaints.append(f"console: {message.text}")
