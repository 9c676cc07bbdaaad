"""Screens of the editor of dossier types."""

from __future__ import annotations

from tools.screens.screen import Screen

TYPES = "/admin/snippets/designer/flowdraft/"

SCREENS: list[Screen] = [
    Screen("editor-list", "son.nt", TYPES),
]
