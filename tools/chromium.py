"""The machine's Chromium, and how it is started: for browser tests and for the pictures of the documentation."""

from __future__ import annotations

import os
import shutil
from typing import Any

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
#: What the office sees: Vietnamese, a common screen, and no movement that a picture or a click would have to wait for.
WINDOW: dict[str, Any] = {
    "locale": "vi-VN",
    "timezone_id": "Asia/Ho_Chi_Minh",
    "viewport": {"width": 1280, "height": 800},
    "reduced_motion": "reduce",
}


def find_browser() -> str | None:
    """Return the Chromium of the machine, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
