"""Removing what a demo profile has made, and nothing else.

The rule, for each thing that was noted when the profile was loaded:

- edited since: it stays, and is the office's from now on;
- something that the profile has not made stands on it (a page below, a dossier of a type, a person's place): it stays;
- otherwise it goes.

People are an exception: who is named by something that stays (the audit trail always does) is deactivated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from .profile_records import digest_of
from .profiles import sections

if TYPE_CHECKING:
    from .profile_models import LoadedProfile, LoadedThing

#: Why something stays.
EDITED, USED = "edited", "used"


class RemovalError(Exception):
    """The profile cannot be removed; the message says why."""


@dataclass
class Removal:
    """One removal under way: what goes, what stays, and what was only switched off, each counted by kind."""

    profile: str
    by: Any = None
    #: Keys of things that stand in nobody's way, by kind: people who are only switched off stay in their groups.
    let_go: dict[str, set[str]] = field(default_factory=dict)
    gone: Counter[str] = field(default_factory=Counter)
    switched_off: Counter[str] = field(default_factory=Counter)
    #: What stays, by kind and reason, with the names of the things.
    stays: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    #: Addresses of things that went.
    urls: list[str] = field(default_factory=list)
    _settled: dict[int, bool] = field(default_factory=dict)

    def things(self, *kinds: str) -> list[LoadedThing]:
        """Return what was noted of these models, what was made last first."""
        rows = _things().filter(profile=self.profile, kind__in=kinds)
        return list(rows.order_by("-pk"))

    def keys(self, kind: str) -> set[str]:
        """Return the keys of what was noted of a model."""
        return set(_things().filter(profile=self.profile, kind=kind).values_list("key", flat=True))

    def is_edited(self, thing: LoadedThing, row: Model) -> bool:
        """Tell whether somebody has changed the row since it was loaded."""
        return thing.digest != digest_of(row)

    def users_of(self, row: Model, *known: Model) -> Iterator[Model]:
        """Yield one row of every kind that points to this one, is no bookkeeping and is none of the `known`."""
        passive = _bookkeeping()
        for relation in row._meta.get_fields(include_hidden=True):
            if not isinstance(relation, models.ForeignObjectRel) or relation.many_to_many:
                continue
            source = relation.related_model
            label = source._meta.label_lower
            names = {label, f"{label}.{relation.field.name}"}
            if relation.parent_link or source._meta.proxy or names & passive:
                continue
            found = source._base_manager.filter(**{relation.field.name: row.pk})
            found = found.exclude(pk__in=[one.pk for one in known if type(one) is source])
            if source._meta.auto_created:
                found = self._from_elsewhere(found, relation.field)
            first = found.first() if found is not None else None
            if first is not None:
                yield first

    def _from_elsewhere(self, rows: Any, to: Any) -> Any:
        """Return the links of a many-to-many relation that other things have set; None when they are one's own."""
        owner = rows.model._meta.auto_created
        link = next(one for one in owner._meta.local_many_to_many if one.remote_field.through is rows.model)
        if to.name == link.m2m_field_name():
            return None
        ours = self.let_go.get(owner._meta.label_lower, set())
        return rows.exclude(**{f"{link.m2m_field_name()}__in": list(ours)}) if ours else rows

    def remove(self, thing: LoadedThing) -> bool:
        """Remove one thing if the rule allows it; tell whether it is gone (a second call says so too)."""
        if thing.pk in self._settled:
            return self._settled[thing.pk]
        model = apps.get_model(thing.kind)
        row = model._base_manager.filter(pk=thing.key).first()
        if row is None:
            return self._settle(thing, is_gone=True)
        name = str(model._meta.verbose_name_plural)
        if self.is_edited(thing, row):
            self.keep(name, EDITED, row)
            return self._settle(thing, is_gone=False)
        below = hasattr(row, "get_children") and row.get_children().exists()
        if below or next(self.users_of(row), None) is not None:
            return self.keep(name, USED, row)
        url = getattr(row, "url", "") or ""
        try:
            with transaction.atomic():
                self._delete(row)
        except ProtectedError:
            return self.keep(name, USED, row)
        if isinstance(url, str) and url:
            self.urls.append(url)
        self.gone[name] += 1
        return self._settle(thing, is_gone=True)

    def _settle(self, thing: LoadedThing, *, is_gone: bool) -> bool:
        """Remember that nothing changes about this thing in the next rounds."""
        self._settled[thing.pk] = is_gone
        return is_gone

    def keep(self, kind: str, why: str, row: Model) -> bool:
        """Note that something stays, and return False."""
        self.stays.setdefault((kind, why), []).append(str(row))
        return False

    def _delete(self, row: Model) -> None:
        if hasattr(row, "get_parent"):  # a tree counts its children
            type(row)._base_manager.get(pk=row.pk).delete()
            return
        # Models that refuse to be deleted are meant to outlive the demo's readers, not the demo.
        models.QuerySet(type(row)).filter(pk=row.pk).delete()


def remove_profile(name: str, *, by: Any = None, dry_run: bool = False) -> Removal:
    """Remove what a demo profile has made, all or nothing; with `dry_run` everything is tried and taken back.

    Raises `RemovalError` when nothing was noted of such a profile, or a section refuses.
    """
    from .profile_models import LoadedProfile

    with transaction.atomic():
        loaded = LoadedProfile.objects.select_for_update().filter(name=name).first()
        if loaded is None or not _things().filter(profile=name).exists():
            raise RemovalError(
                _("No profile “%(name)s” is loaded of which it is known what it made.") % {"name": name}
            )
        removal = Removal(name, by=by)
        found = sorted((section() for section in sections), key=lambda section: -section.order)
        for section in found:
            section.before_removal(removal)
        before = -1
        while sum(removal.gone.values()) != before:  # what stood in the way may be gone after the next round
            before = sum(removal.gone.values())
            for kind, why in [*removal.stays]:
                if why == USED:
                    del removal.stays[kind, why]
            for section in found:
                section.remove(removal)
        for section in found:
            section.after_removal(removal)
        _things().filter(profile=name).delete()
        loaded.delete()
        if dry_run:
            transaction.set_rollback(True)
    return removal


def loaded_demos() -> list[LoadedProfile]:
    """Return the loaded profiles that can be removed."""
    from .profile_models import LoadedProfile

    noted = _things().order_by().values("profile")
    return list(LoadedProfile.objects.filter(name__in=noted))


def _things() -> models.QuerySet[LoadedThing]:
    from .profile_models import LoadedThing

    return LoadedThing.objects.all()


def _bookkeeping() -> set[str]:
    return {kind for section in sections for kind in section.bookkeeping}
