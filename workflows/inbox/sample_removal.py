"""Removing the sample dossiers of a profile, with all that belongs to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from home.forms.api import StoredFile, Submission, drop_files
from home.people.api import User
from plugins.api.api import Removal
from workflows.dossiers.api import Dossier, Register, RegisterEntry

#: Marks that reading leaves: they do not make a dossier somebody's.
_READ = {"dossiers.visit", "dossiers.follow"}


@dataclass(frozen=True)
class _Part:
    """A table whose rows belong to dossiers; `path` is the look-up that leads to the dossier."""

    model: type[models.Model]
    path: str


def remove_samples(removal: Removal) -> None:
    """Remove the sample dossiers in which nobody but people of the demo has a hand; the others stay.

    A dossier also stays while one that stays is linked with it. Numbers go with their dossiers; where none is left
    in a register, it begins again with 01.
    """
    samples = Submission.objects.filter(source=f"profile:{removal.profile}")
    dossiers = {row.pk: row for row in Dossier.objects.filter(submission__in=samples.values("pk"))}
    name = str(Dossier._meta.verbose_name_plural)
    parts = list(_parts_of_dossiers())
    kept = _kept(set(dossiers), parts, removal)
    for pk in sorted(kept):
        removal.keep(name, "used", dossiers[pk])
    going = sorted(set(dossiers) - kept)
    if not going:
        return
    files = StoredFile.objects.filter(holder_kind="dossier", holder_id__in=[str(pk) for pk in going])
    numbers = RegisterEntry.objects.filter(_held_by(going))
    registers = set(numbers.order_by().values_list("register", "year"))
    found_files, found_numbers = (
        list(files.values_list("pk", flat=True)),
        list(numbers.values_list("pk", flat=True)),
    )
    submissions = [dossiers[pk].submission_id for pk in going]
    removal.urls += [reverse("dossier", args=[pk]) for pk in going] + _task_urls(parts, going)
    for part in reversed(parts):
        _delete(part.model, part.model._base_manager.filter(**{f"{part.path}__in": going}))
    models.QuerySet(Dossier).filter(pk__in=going).delete()
    RegisterEntry.objects.filter(pk__in=found_numbers).delete()
    for register, year in registers:
        if not RegisterEntry.objects.filter(register=register, year=year).exists():
            Register.objects.filter(code=register, year=year).delete()
    held = [str(pk) for pk in submissions]
    drop_files(
        StoredFile.objects.filter(Q(pk__in=found_files) | Q(holder_kind="submission", holder_id__in=held))
    )
    models.QuerySet(Submission).filter(pk__in=submissions).delete()
    removal.gone[name] += len(going)


def _parts_of_dossiers() -> Iterator[_Part]:
    """Yield every table that leads to dossiers, each after the one through which it does."""
    waiting = [_Part(Dossier, "")]
    known: set[type[models.Model]] = {Dossier}
    while waiting:
        part = waiting.pop(0)
        for relation in part.model._meta.get_fields(include_hidden=True):
            if not isinstance(relation, models.ForeignObjectRel) or relation.many_to_many:
                continue
            source = relation.related_model
            if relation.parent_link or source._meta.proxy or source is part.model:
                continue
            # What points to the parent of an inherited model leads to it over the child.
            over = "" if relation.model is part.model else f"__{part.model._meta.model_name}"
            path = f"{relation.field.name}{over}" + (f"__{part.path}" if part.path else "")
            yield _Part(source, path)
            if source not in known:
                known.add(source)
                waiting.append(_Part(source, path))


def _kept(samples: set[int], parts: list[_Part], removal: Removal) -> set[int]:
    """Return those in which somebody else has a hand, and those that are linked with what stays."""
    named: dict[Any, Any] = {Dossier: samples}
    demo = named[User] = [int(pk) for pk in removal.let_go["people.user"]]
    kept = set(
        Dossier.objects.filter(pk__in=samples).exclude(submitter__in=demo).values_list("pk", flat=True)
    )
    for part in parts:
        if part.model._meta.label_lower in _READ:
            continue
        rows = part.model._base_manager.filter(**{f"{part.path}__in": samples})
        for field in part.model._meta.concrete_fields:
            known = named.get(field.related_model) if field.is_relation else None
            if known is not None:
                told = rows.filter(**{f"{field.name}__isnull": False})
                others = told.exclude(**{f"{field.name}__in": known})
                kept |= set(others.order_by().values_list(part.path, flat=True))
    return kept & samples


def _held_by(going: list[int]) -> Q:
    """Return the condition on numbers that these dossiers hold, for themselves or for a step (`dossier:5:issue`)."""
    found = Q(holder__in=[f"dossier:{pk}" for pk in going])
    for pk in going:
        found |= Q(holder__startswith=f"dossier:{pk}:")
    return found


def _task_urls(parts: list[_Part], going: list[int]) -> list[str]:
    tasks = next(part for part in parts if part.model._meta.label_lower == "viewflow.task")
    rows = tasks.model._base_manager.filter(**{f"{tasks.path}__in": going})
    return [reverse("task", args=[pk]) for pk in rows.values_list("pk", flat=True)]


def _delete(model: type[models.Model], rows: Any) -> None:
    """Delete rows at once, without asking what points to them: that has gone before. Parents of inherited rows too."""
    keys = list(rows.values_list("pk", flat=True))
    parents = [parent for parent in model._meta.parents if parent is not model]
    for table in (model, *parents):
        for start in range(0, len(keys), 500):
            batch: Any = models.QuerySet(table).filter(pk__in=keys[start : start + 500])
            batch._raw_delete(batch.db)
