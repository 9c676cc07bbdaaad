"""The colour of the office: every shade that pages need comes from one colour, and can be read (WCAG 2, AA)."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: WCAG 2.2, success criterion 1.4.3 (level AA), for text of normal size.
AA = 4.5
_HEX = re.compile(r"#[0-9a-f]{6}")
_STEP = 0.04
#: The brightest and darkest grounds on which links stand (`theme.css`).
_LIGHT_GROUNDS = ("#ffffff", "#f5f6f8")
_DARK_GROUNDS = ("#14181d", "#20272f")


class Shades(NamedTuple):
    """What one colour becomes: `ground` behind white text, texts and soft grounds of both themes."""

    ground: str
    pressed: str
    text: str
    soft: str
    text_dark: str
    soft_dark: str


def checked_colour(sent: str) -> str:
    """Return the colour as `#rrggbb`. Raises `ValidationError` for anything else, and where white text is too faint."""
    colour = sent.strip().lower()
    if not _HEX.fullmatch(colour):
        raise ValidationError(
            _("Write the colour as # and six digits, for example #1d5aa8."), code="no_colour"
        )
    found = contrast(colour, "#ffffff")
    if found < AA:
        message = _(
            "White text on this colour is too faint: the contrast is %(found).1f to 1, and at least %(least).1f "
            "to 1 is needed. Choose a darker shade, for example %(better)s."
        )
        values = {"found": found, "least": AA, "better": readable(colour, "#ffffff", toward="#000000")}
        raise ValidationError(message, code="too_faint", params=values)
    return colour


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def readable(colour: str, *grounds: str, toward: str) -> str:
    """Return the colour, moved toward black or white as far as it takes to be read on all grounds."""
    share = 0.0
    moved = colour
    while min(contrast(moved, ground) for ground in grounds) < AA and share < 1:
        share += _STEP
        moved = mixed(colour, toward, min(share, 1))
    return moved


def mixed(colour: str, other: str, share: float) -> str:
    """Return a colour with so much (0 to 1) of another one in it."""
    parts = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def shades_of(colour: str) -> Shades:
    """Return all shades of a checked colour; each text can be read on each ground of its theme."""
    soft, soft_dark = mixed(colour, "#ffffff", 0.9), mixed(colour, "#14181d", 0.75)
    return Shades(
        ground=colour,
        pressed=mixed(colour, "#000000", 0.2),
        text=readable(colour, soft, *_LIGHT_GROUNDS, toward="#000000"),
        soft=soft,
        text_dark=readable(colour, soft_dark, *_DARK_GROUNDS, toward="#ffffff"),
        soft_dark=soft_dark,
    )


def style_of(colour: str) -> str:
    """Return the style sheet that puts the colour over the one of `theme.css`."""
    one = shades_of(colour)
    rgb = ", ".join(str(channel) for channel in _channels(one.ground))
    return f""":root, [data-bs-theme="light"], [data-bs-theme="dark"] {{
  --tblr-primary: {one.ground};
  --tblr-primary-rgb: {rgb};
  --tblr-blue: {one.ground};
  --tblr-link-color: light-dark({one.text}, {one.text_dark});
  --tblr-link-hover-color: light-dark({one.text}, {one.text_dark});
  --accent: light-dark({one.text}, {one.text_dark});
  --accent-soft: light-dark({one.soft}, {one.soft_dark});
}}
.btn-primary {{ --tblr-btn-bg: {one.ground}; --tblr-btn-hover-bg: {one.pressed}; --tblr-btn-color: #fff; }}
.brand-mark-ground {{ fill: {one.ground}; }}
"""


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
