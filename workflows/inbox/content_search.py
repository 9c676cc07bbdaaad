"""Search by words in the answers of a dossier too: no index holds them, so only what is listed anyway is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import BooleanField, F, Func

from .folding import words_of

SQLITE_NAME = "congso_contains"
#: The texts among the answers, folded like number and subject (migration `dossiers.0006`), words parted by one space.
_TEXTS = "(SELECT string_agg(found #>> '{{}}', ' ') FROM jsonb_path_query({column}, 'strict $.**') AS found "
_TEXTS += "WHERE jsonb_typeof(found) IN ('string', 'number'))"
_FOLDED = "lower(regexp_replace(normalize(translate({texts}, 'đĐ', 'dd'), NFKD), '[\u0300-\u036f]', '', 'g'))"
_BREAKS = r"[\s!-/:-@[-`{{-~\u00a0“”‘’–—…]+"
#: With their signs and without, like `folding.words_of`.
_HELD = " || ".join(rf"' ' || regexp_replace({_FOLDED}, '{signs}', ' ', 'g')" for signs in (r"\s+", _BREAKS))


class AnswersHold(Func):
    """Whether the answers of a dossier hold words that begin with each of some folded ones."""

    conditional = True
    output_field = BooleanField()
    function = SQLITE_NAME
    arity = 1

    def __init__(self, words: Sequence[str], *, of: str = "", **extra: Any) -> None:
        """Take folded words without signs; `of` leads from the rows that are filtered to their dossiers."""
        super().__init__(F(f"{of}answers"), **extra)
        self.words = tuple(words)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Call the function that `add_content` has taught the connection."""
        sql, params = self.as_sql(
            compiler, connection, template="%(function)s(%(expressions)s, %%s)", **context
        )
        return sql, (*params, " ".join(self.words))

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Fold the texts and look for each word behind a space."""
        column, _params = compiler.compile(self.get_source_expressions()[0])
        held = _HELD.format(texts=_TEXTS.format(column=column)).replace("%", "%%")
        return f"COALESCE(({held}) LIKE ALL (%s::text[]), FALSE)", (
            [f"% {_escaped(word)}%" for word in self.words],
        )


def _escaped(word: str) -> str:
    """Return a word as LIKE reads it."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _contains(answers: str | None, words: str) -> bool:
    """Return whether JSON holds words that begin with each of `words`, which stand in single spaces."""
    text = words_of(" ".join(_texts(json.loads(answers or "null"))), "")
    return all(f" {word}" in text for word in words.split(" "))


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts and numbers in a JSON value, the keys left out."""
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def add_content(connection: Any, **kwargs: Any) -> None:
    """Teach a new SQLite connection the search."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(SQLITE_NAME, 2, _contains, deterministic=True)


def install() -> None:
    """Add the search to every connection from now on."""
    connection_created.connect(add_content, dispatch_uid=SQLITE_NAME)
