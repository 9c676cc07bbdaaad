"""The built-in field kinds, found by file name like those of plugins."""

from .kinds import (
    amounts,
    choices,
    citizen,
    days,
    derived,
    images,
    matrix,
    office,
    periods,
    rows,
    still,
    times,
    uploads,
    words,
)

__all__ = [
    "amounts",
    "choices",
    "citizen",
    "days",
    "derived",
    "images",
    "matrix",
    "office",
    "periods",
    "rows",
    "still",
    "times",
    "uploads",
    "words",
]
