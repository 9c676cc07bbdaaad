"""What a demo profile has made: noted while it loads, so that exactly that can be removed again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.db.models.signals import post_save

_made: ContextVar[list[Model] | None] = ContextVar("made_by_profile", default=None)


@contextmanager
def noting() -> Iterator[list[Model]]:
    """Gather every row that is made through its model in this context."""
    made: list[Model] = []
    before = _made.set(made)
    try:
        yield made
    finally:
        _made.reset(before)


def _note(sender: type[Model], instance: Model, created: bool, **kwargs: Any) -> None:
    made = _made.get()
    if made is not None and created:
        made.append(instance)


post_save.connect(_note, dispatch_uid="profile:noted")


def store(profile: str, made: Iterable[Model], recorded: Iterable[str]) -> None:
    """Keep the rows whose models (`app.model`) are `recorded`, each with the digest of what it holds now."""
    from .profile_models import LoadedThing

    wanted = set(recorded)
    rows = []
    for thing in made:
        kind = thing._meta.label_lower
        present = type(thing)._base_manager.filter(pk=thing.pk).first() if kind in wanted else None
        if present is not None:
            rows.append(LoadedThing(profile=profile, kind=kind, key=str(thing.pk), digest=digest_of(present)))
    LoadedThing.objects.bulk_create(rows, ignore_conflicts=True)


def digest_of(thing: Model) -> str:
    """Return what changes when somebody edits a row: of its editable columns, or of what the model says itself.

    A model may name columns in `not_an_edit`; a page is edited when it has a newer revision.
    """
    values: dict[str, Any]
    if hasattr(thing, "latest_revision_id"):
        values = {"revision": thing.latest_revision_id}
    else:
        ignored: frozenset[str] = getattr(thing, "not_an_edit", frozenset())
        fields = [
            field for field in thing._meta.concrete_fields if field.editable and field.name not in ignored
        ]
        values = {field.name: field.value_from_object(thing) for field in fields}
    return sha256(json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, default=str).encode()).hexdigest()
