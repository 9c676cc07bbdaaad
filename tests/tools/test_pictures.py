"""The pictures of the documentation: which are taken, how large they may be, and that the pages show them all."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from PIL import Image

from tools import pictures
from tools.screens.screen import Screen

pytestmark = pytest.mark.once

DOCS = pictures.ROOT / "docs"
LINK = re.compile(r"!\[[^\]]+\]\(([^)]+\.png)\)")


def test_names_choose_screens_and_a_series_stays_together(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, three = (Screen(name, "an.nv", "/", series=name[:1]) for name in ("a-1", "a-2", "b-1"))
    monkeypatch.setattr(pictures, "SCREENS", [one, two, three])
    assert pictures.chosen([]) == [one, two, three]
    assert pictures.chosen(["a-2"]) == [one, two]
    with pytest.raises(pictures.PictureError, match=r"'c'. Known: a-1, a-2, b-1"):
        pictures.chosen(["c"])
    monkeypatch.setattr(pictures, "SCREENS", [one, one])
    with pytest.raises(pictures.PictureError, match="same name"):
        pictures.chosen([])


def test_a_picture_is_made_small_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = Image.frombytes("RGB", (200, 200), os.urandom(120_000))
    written = io.BytesIO()
    noise.save(written, "PNG")
    assert len(pictures.small(written.getvalue())) < len(written.getvalue())
    monkeypatch.setattr(pictures, "MAX_BYTES", 1_000)
    with pytest.raises(pictures.PictureError, match="1000 are allowed"):
        pictures.small(written.getvalue())


def test_every_picture_is_there_small_and_shown() -> None:
    taken = {path.name: path for path in pictures.IMAGES.glob("*.png")}
    wanted = {
        pictures.file_of(screen, language).name
        for screen in pictures.SCREENS
        for language in pictures.LANGUAGES
    }
    assert wanted <= set(taken)
    assert [name for name, path in taken.items() if path.stat().st_size > pictures.MAX_BYTES] == []
    pages = [pictures.ROOT / "README.md", *DOCS.rglob("*.md")]
    shown = {
        Path(page.parent, link).resolve() for page in pages for link in LINK.findall(page.read_text("utf-8"))
    }
    assert [path for path in shown if not path.exists()] == []
    assert {path.resolve() for path in taken.values()} <= shown
