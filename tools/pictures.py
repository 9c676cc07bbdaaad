"""`python -m tools.pictures`: start a demo of its own and photograph its screens into `docs/images/`.

Each screen is taken twice, in Vietnamese (`name.png`) and in English (`name.en.png`), each time in a new demo, so that
what one picture does hides nothing in the next. `python -m tools.pictures editor inbox-filters` takes only the screens
whose names begin so, `--language vi` only one language. `--url http://…` with `DEMO_PASSWORD` photographs an office
that runs already. Needs the packages of `make setup` and Chromium.
"""

from __future__ import annotations

import argparse
import io
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.chromium import FLAGS, WINDOW, find_browser
from tools.screens import editor, inbox
from tools.screens.screen import Screen

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
MAX_BYTES = 150_000
LANGUAGES = ("vi", "en")
#: Add a module to `tools/screens/` and its list here.
SCREENS: list[Screen] = [*editor.SCREENS, *inbox.SCREENS]


class PictureError(RuntimeError):
    """A picture that cannot be taken; the message says why."""


def chosen(names: Sequence[str]) -> list[Screen]:
    """Return the screens whose names begin with one of `names`, or all; those of a series come with it.

    Raises `PictureError` for a beginning that no screen has, and for two screens of one name.
    """
    every = [screen.name for screen in SCREENS]
    if len(set(every)) < len(every):
        raise PictureError(f"Two screens have the same name: {', '.join(sorted(every))}.")
    for name in names:
        if not any(one.startswith(name) for one in every):
            raise PictureError(f"No screen begins with '{name}'. Known: {', '.join(sorted(every))}.")
    wanted = [screen for screen in SCREENS if not names or screen.name.startswith(tuple(names))]
    series = {screen.series for screen in wanted} - {""}
    return [screen for screen in SCREENS if screen in wanted or screen.series in series]


@contextmanager
def demo() -> Iterator[tuple[str, str]]:
    """Run a demo office of its own until the end of the block; give its address and everybody's password."""
    password = secrets.token_urlsafe(12)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="congso-pictures-") as data:
        environment = {**os.environ, "PORT": str(port), "DATA": data, "DEMO_PASSWORD": password}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "tools.run"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603
        try:
            wait_for(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}", password
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 600) -> None:
    """Wait until the office answers. Raises `PictureError` when it has ended, or takes too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise PictureError("The demo did not start; its last words stand above.")
        try:
            with urllib.request.urlopen(f"{url}/-/alive", timeout=10):  # noqa: S310
                return
        except OSError:
            time.sleep(0.5)
    raise PictureError("The demo did not answer in time.")


class Photographer:
    """Takes pictures in one browser, with a window of its own for each person and series."""

    def __init__(self, browser: Any, url: str, password: str, language: str) -> None:
        self.browser, self.url, self.password, self.language = browser, url, password, language
        self.cookies: dict[str, Any] = {}
        self.pages: dict[str, Any] = {}

    def take(self, screen: Screen) -> bytes:
        """Return the picture of one screen as PNG."""
        page = self.page(screen)
        if screen.address:
            answer = page.goto(screen.address, wait_until="load")
            if answer is not None and answer.status >= 400:
                raise PictureError(f"{screen.name}: {screen.address} answers {answer.status}.")
        if screen.action is not None:
            screen.action(page)
        page.wait_for_load_state("networkidle")
        shown = page.locator(screen.element).first if screen.element else page
        # The blinking cursor and running transitions would differ from one run to the next.
        taken: bytes = shown.screenshot(animations="disabled", caret="hide")
        if not screen.series:
            page.context.close()
        return taken

    def page(self, screen: Screen) -> Any:
        """Return a page of the screen's person; a series goes on in the page that it has."""
        if screen.series and screen.series in self.pages:
            page = self.pages[screen.series]
            page.set_viewport_size({"width": screen.width, "height": screen.height})
            return page
        context = self.browser.new_context(
            base_url=self.url,
            color_scheme="dark" if screen.dark else "light",
            **{**WINDOW, "viewport": {"width": screen.width, "height": screen.height}},
        )
        context.set_default_timeout(60_000)
        if screen.user:
            context.add_cookies(self.session(screen.user))
        page = context.new_page()
        if screen.series:
            self.pages[screen.series] = page
        return page

    def session(self, user: str) -> Any:
        """Return the cookies of a person, who logs in once as people do."""
        if user not in self.cookies:
            context = self.browser.new_context(base_url=self.url)
            page = context.new_page()
            page.goto("/login/")
            page.locator("[name=username], [name=login]").first.fill(user)
            page.locator("[name=password]").fill(self.password)
            page.locator("[name=password]").press("Enter")
            page.wait_for_url(lambda address: "/login/" not in address)
            page.goto("/")
            button = page.locator(f'button[name="language"][value="{self.language}"]').first
            with page.expect_navigation():
                button.evaluate("button => button.click()")
            self.cookies[user] = context.cookies()
            context.close()
        return self.cookies[user]


def small(png: bytes) -> bytes:
    """Return a picture of at most 256 colours, which screens need no more of. Raises `PictureError` if still large."""
    from PIL import Image

    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    if len(out.getvalue()) > MAX_BYTES:
        raise PictureError(f"The picture has {len(out.getvalue())} bytes; {MAX_BYTES} are allowed.")
    return out.getvalue()


def file_of(screen: Screen, language: str) -> Path:
    """Return where the picture of a screen lies."""
    return IMAGES / (f"{screen.name}.png" if language == LANGUAGES[0] else f"{screen.name}.{language}.png")


def photograph(screens: Sequence[Screen], url: str, password: str, language: str) -> None:
    """Write the pictures of these screens of a running office. Raises `PictureError`."""
    from playwright.sync_api import sync_playwright

    program = find_browser()
    if program is None:
        raise PictureError("No Chromium on this machine; CHROMIUM=… says where it is.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        photographer = Photographer(browser, url, password, language)
        for screen in screens:
            picture, path = small(photographer.take(screen)), file_of(screen, language)
            path.write_bytes(picture)
            print(f"{path.name}  {len(picture) // 1000} kB", flush=True)
        browser.close()


def main() -> int:
    """Take the pictures that are asked for; return the exit code."""
    reader = argparse.ArgumentParser(prog="python -m tools.pictures", description=__doc__)
    reader.add_argument("names", nargs="*", help="beginnings of names of screens; all when left out")
    reader.add_argument("--language", choices=LANGUAGES, help="only this one")
    reader.add_argument("--url", help="an office that runs already, with DEMO_PASSWORD in the environment")
    given = reader.parse_args()
    try:
        screens = chosen(given.names)
        for language in [given.language] if given.language else LANGUAGES:
            if given.url:
                photograph(screens, given.url.rstrip("/"), os.environ["DEMO_PASSWORD"], language)
                continue
            with demo() as (url, password):
                photograph(screens, url, password, language)
    except PictureError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
