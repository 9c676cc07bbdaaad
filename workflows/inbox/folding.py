"""The search fold inside the database: `de an` finds `Đề án`, without a column of its own."""

from __future__ import annotations

from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import CharField, Func, QuerySet, Value
from django.db.models.functions import Concat

from home.people.api import fold

SQLITE_NAME = "congso_fold"
_MARKS = "[\u0300-\u036f]"


class Fold(Func):
    """Lower case, đ as d, no diacritics: `home.people.api.fold` as an expression."""

    function = SQLITE_NAME
    arity = 1
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Use PostgreSQL's own normalisation (version 13 and later)."""
        letters = "normalize(translate(%(expressions)s, 'đĐ', 'dd'), NFKD)"
        template = f"lower(regexp_replace({letters}, '{_MARKS}', '', 'g'))"
        return self.as_sql(compiler, connection, template=template, **context)


def add_fold(connection: Any, **kwargs: Any) -> None:
    """Teach a new SQLite connection the fold."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            SQLITE_NAME, 1, lambda text: None if text is None else fold(text), deterministic=True
        )


def install() -> None:
    """Add the fold to every connection from now on."""
    connection_created.connect(add_fold, dispatch_uid=SQLITE_NAME)


def matching(dossiers: QuerySet, text: str) -> QuerySet:
    """Return the dossiers whose number or subject hold every word of `text`, whatever its case and diacritics."""
    words = fold(text).split()[:10]
    if not words:
        return dossiers
    dossiers = dossiers.alias(folded=Fold(Concat("number", Value(" "), "subject", output_field=CharField())))
    for word in words:
        dossiers = dossiers.filter(folded__contains=word)
    return dossiers
