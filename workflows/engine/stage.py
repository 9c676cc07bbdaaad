"""Where a definition is tried out: a version of it that only this transaction ever sees, and that leaves no trace."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from home.forms.api import Schema
from workflows.definitions.api import Definition, forget_definition
from workflows.dossiers.api import DossierType, FlowVersion, Rehearsal, rehearsing

from . import compiled

#: How long one statement of a rehearsal may take or wait, in milliseconds.
_PATIENCE = 2_000


@contextmanager
def staged(definition: Definition) -> Iterator[tuple[FlowVersion, Rehearsal]]:
    """Give a version of `definition` that dossiers can be opened on, within a transaction that is rolled back.

    Its type and its questions have names of their own, so that nobody waits for a row of it. Nothing that is registered
    to follow the commit ever runs, and what processes remember of the version is forgotten.
    """
    name = secrets.token_hex(8)
    with transaction.atomic():
        _hurry()
        version = _version(definition, name)
        try:
            with rehearsing(name) as rehearsal:
                yield version, rehearsal
        finally:
            # Before the rows are gone: on SQLite the next version may get the same key.
            forget_definition(version)
            compiled.forget(version.class_name)
        transaction.set_rollback(True)


def _hurry() -> None:
    """Let no statement wait long; the setting ends with the transaction. SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true), set_config('statement_timeout', %s, true)",
                [str(_PATIENCE), str(_PATIENCE)],
            )


def _version(definition: Definition, name: str) -> FlowVersion:
    """Store type, questions and version without signals: nothing outside of the transaction may hear of them."""
    questions = Schema(digest=secrets.token_hex(32), body=definition.questions.canonical())
    Schema.objects.bulk_create([questions])
    kind = DossierType(code=f"try-out-{name}", title=definition.code)
    DossierType.objects.bulk_create([kind])
    version = FlowVersion(
        type=kind,
        number=1,
        definition=definition.canonical(),
        schema=questions,
        sha256=definition.digest(),
    )
    FlowVersion.objects.bulk_create([version])
    DossierType.objects.filter(pk=kind.pk).update(current=version)
    return version
