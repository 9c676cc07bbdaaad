"""Screens of the inbox, the task page and the dossier page."""

from __future__ import annotations

from tools.screens.screen import Screen

SCREENS: list[Screen] = [
    Screen("inbox", "phuoc.dh", "/inbox/", height=720),
]
