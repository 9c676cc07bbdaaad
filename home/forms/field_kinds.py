"""The built-in field kinds, found by file name like those of plugins."""

from .kinds import amounts, choices, derived, office, uploads, words

__all__ = ["amounts", "choices", "derived", "office", "uploads", "words"]
