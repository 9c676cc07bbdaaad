"""Search by number and by words inside the database: `de an` finds `Đề án`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import BooleanField, F, Func

from home.people.api import User, fold
from workflows.dossiers.api import FEW, Dossier, DossierQuerySet, reach_of

from .frequency import forecast

SQLITE_NAME = "congso_holds"
#: What parts words, besides spaces; in the generated column of PostgreSQL the same (migration `dossiers.0006`).
_BREAKS = re.compile("[\\s!-/:-@[-`{-~\u00a0“”‘’–—…]+")

_ENDS = re.compile(f"^{_BREAKS.pattern}|{_BREAKS.pattern}$")
#: Words that one search looks for at most.
_MOST = 10
#: Reading so many lines of the index of words costs what looking at one dossier costs.
LINES_PER_DOSSIER = 25
#: So many matches fill a page soon, wherever one begins.
MANY = 10_000


def words_of(number: str, subject: str) -> str:
    """Return number and subject folded, with a space in front of each word; then once more without signs."""
    folded = fold(f"{number} {subject}")
    return f" {folded} {_BREAKS.sub(' ', folded)}"


def _holds(number: str | None, subject: str | None, words: str) -> bool:
    """Return whether a dossier holds words that begin with each of `words`, which stand in single spaces."""
    text = words_of(number or "", subject or "")
    return all(f" {word}" in text for word in words.split(" "))


class HoldsWords(Func):
    """Whether number and subject hold words that begin with each of some folded ones.

    PostgreSQL looks into the column `words`, which it computes itself and no model knows; SQLite asks `_holds`.
    """

    conditional = True
    output_field = BooleanField()
    function = SQLITE_NAME
    arity = 2

    def __init__(self, words: Sequence[str], *, by_index: bool = True, of: str = "", **extra: Any) -> None:
        """Take folded words; `of` leads from the rows that are filtered to their dossiers (`dossier__`)."""
        super().__init__(F(f"{of}number"), F(f"{of}subject"), **extra)
        self.words = tuple(words)
        self.by_index = by_index

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Call the function that `add_words` has taught the connection."""
        sql, params = self.as_sql(
            compiler, connection, template="%(function)s(%(expressions)s, %%s)", **context
        )
        return sql, (*params, " ".join(self.words))

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Match the column `words` beside the column `number`; each word stands for all that begin with it."""
        sql, _params = compiler.compile(self.get_source_expressions()[0])
        # An index serves only the bare condition.
        test = "" if self.by_index else " IS TRUE"
        quote = connection.ops.quote_name
        column = f"{sql.removesuffix(quote('number'))}{quote('words')}"
        return f"({column} @@ %s::tsquery){test}", (" & ".join(map(_lexeme, self.words)),)


def _lexeme(word: str) -> str:
    """Return the beginning of a word as PostgreSQL reads it in a query of words."""
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}':*"


def add_words(connection: Any, **kwargs: Any) -> None:
    """Teach a new SQLite connection the search."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(SQLITE_NAME, 3, _holds, deterministic=True)


def install() -> None:
    """Add the search to every connection from now on."""
    connection_created.connect(add_words, dispatch_uid=SQLITE_NAME)


def searching(
    dossiers: DossierQuerySet, text: str, reader: User, *, narrowed: bool = False
) -> DossierQuerySet:
    """Return the dossiers whose number begins so, if there are any; else those that hold every word.

    `dossiers` are those that `reader` may see; `narrowed` says that they passed further filters. Only what holds a
    digit and no space is asked as a number: one query, on an index, whatever its case. Words cost one query as well.
    """
    number = text.strip()
    if any(sign.isdigit() for sign in number) and " " not in number:
        numbered = dossiers.filter(number__istartswith=number)
        if numbered.exists():
            return numbered
    return matching(dossiers, text, reader, narrowed=narrowed)


def matching(
    dossiers: DossierQuerySet, text: str, reader: User, *, narrowed: bool = False
) -> DossierQuerySet:
    """Return the dossiers whose number and subject hold words that begin with each word of `text`.

    Case and diacritics do not count, nor do signs around a word. A text of signs alone finds nothing. `dossiers` are
    those that `reader` may see; `narrowed` says that they passed further filters. One query, which asks how many these
    may be.
    """
    words = words_in(text)
    if not words:
        return dossiers.none() if text.strip() else dossiers
    reach, found = reach_of(reader), forecast(words)
    if reach <= FEW and reach < found.matches + found.lines / LINES_PER_DOSSIER:
        few = dossiers.found_first() if narrowed else Dossier.objects.few_visible_to(reader)
        return few.filter(HoldsWords(words, by_index=False))
    if found.matches >= MANY:
        # A list that is read in its order meets enough of them soon.
        return dossiers.filter(HoldsWords(words, by_index=False))
    led = dossiers.filter(HoldsWords(found.leading))
    return led.filter(HoldsWords(found.others, by_index=False)) if found.others else led


def words_in(text: str) -> list[str]:
    """Return the words of a search, folded and without the signs around them."""
    return [bare for bare in map(_bare, fold(text).split()[:_MOST]) if bare]


def _bare(word: str) -> str:
    """Return the word without the signs around it."""
    return _ENDS.sub("", word)
