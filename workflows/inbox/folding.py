"""Search by number and by words inside the database: `de an` finds `Đề án`."""

from __future__ import annotations

import re
from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import CharField, F, Func, QuerySet

from home.people.api import fold

SQLITE_NAME = "congso_words"
#: What parts words, besides spaces; in the generated column of PostgreSQL the same (migration `dossiers.0004`).
_BREAKS = re.compile("[\\s!-/:-@[-`{-~\u00a0“”‘’–—…]+")

_ENDS = re.compile(f"^{_BREAKS.pattern}|{_BREAKS.pattern}$")


def words_of(number: str, subject: str) -> str:
    """Return number and subject folded, with a space in front of each word; then once more without signs."""
    folded = fold(f"{number} {subject}")
    return f" {folded} {_BREAKS.sub(' ', folded)}"


class Words(Func):
    """`words_of` as an expression: a generated column on PostgreSQL, a function on SQLite."""

    function = SQLITE_NAME
    arity = 2
    output_field = CharField()

    def __init__(self, **extra: Any) -> None:
        super().__init__(F("number"), F("subject"), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Name the column `folded`, which no model knows, beside the column `number`."""
        sql, params = compiler.compile(self.get_source_expressions()[0])
        quote = connection.ops.quote_name
        return f"{sql.removesuffix(quote('number'))}{quote('folded')}", params


def add_words(connection: Any, **kwargs: Any) -> None:
    """Teach a new SQLite connection the fold."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            SQLITE_NAME, 2, lambda number, subject: words_of(number or "", subject or ""), deterministic=True
        )


def install() -> None:
    """Add the fold to every connection from now on."""
    connection_created.connect(add_words, dispatch_uid=SQLITE_NAME)


def searching(dossiers: QuerySet, text: str) -> QuerySet:
    """Return the dossiers whose number begins so, if there are any; else those that hold every word.

    Only what holds a digit and no space is asked as a number: one query, on an index, whatever its case.
    """
    number = text.strip()
    if any(sign.isdigit() for sign in number) and " " not in number:
        numbered = dossiers.filter(number__istartswith=number)
        if numbered.exists():
            return numbered
    return matching(dossiers, text)


def matching(dossiers: QuerySet, text: str) -> QuerySet:
    """Return the dossiers whose number and subject hold words that begin with each word of `text`.

    Case and diacritics do not count, nor do signs around a word. A text of signs alone finds nothing.
    """
    typed = fold(text).split()[:10]
    words = [bare for bare in map(_bare, typed) if bare]
    if typed and not words:
        return dossiers.none()
    dossiers = dossiers.alias(folded_words=Words()) if words else dossiers
    for word in words:
        dossiers = dossiers.filter(folded_words__contains=f" {word}")
    return dossiers


def _bare(word: str) -> str:
    """Return the word without the signs around it."""
    return _ENDS.sub("", word)
