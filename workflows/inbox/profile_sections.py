"""The profile section `dossiers`: sample dossiers, played through the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from home.forms.api import Submission
from home.notifications.api import Notification
from plugins.api.api import ProfileContext, ProfileSection, Removal, SectionError, Shape, profile_sections
from workflows.dossiers.api import Dossier, DossierType
from workflows.engine.api import open_tasks

from .sample_play import Player, PlayError
from .sample_removal import remove_samples

Plan = Literal["approved", "open", "returned", "rejected", "withdrawn", "supplement", "held"]


class SampleType(Shape):
    """Samples of one type: `answers` are what people type, `entries` what later steps ask.

    `submitters` are user names, where not everybody may start the type. `asks` are answers to what a kind of step
    asks beside the note (an instruction), one of them at random.
    A value `@unit` stands for the submitter's department, `@colleague` for somebody there, `@VP` for the department
    with this code (`@dept:VP` where people and departments may be named), `{+3}` for a day. `days_back` is how long
    ago the oldest was received.
    """

    code: str
    submitters: list[str] = []
    weight: int = Field(default=1, ge=1, le=1000)
    days_back: int = Field(default=5, ge=1, le=365)
    answers: list[dict[str, str | int | float]] = Field(min_length=1)
    entries: dict[str, str | int | float] = {}
    asks: list[dict[str, str | list[str]]] = []


class DossiersFile(Shape):
    """How many dossiers to play, and what with. The same seed plays the same dossiers."""

    count: int = Field(ge=0, le=5000)
    seed: str
    plans: dict[Plan, int]
    submitters: list[str] = []
    notes: dict[str, list[str]] = {}
    types: list[SampleType] = Field(min_length=1)


@profile_sections.register
class DossiersSection(ProfileSection):
    """Plays dossiers once; dossiers of a profile that are there already are never touched."""

    code = "dossiers"
    order = 90
    model = DossiersFile
    bookkeeping = ("inbox.savedview", "dossiers.visit", "dossiers.follow", "engine.draft")

    def remove(self, removal: Removal) -> None:
        """Remove the dossiers in which only people of the demo had a hand."""
        remove_samples(removal)

    def check(self, data: DossiersFile, context: ProfileContext) -> Iterator[tuple[str, str]]:
        """Check that submitters exist, and that a type of an absent plugin is the only thing missing."""
        for i, username in enumerate(data.submitters):
            if message := context.unknown("person", username):
                yield f"submitters[{i}]", message
        for i, kind in enumerate(data.types):
            for j, username in enumerate(kind.submitters):
                if message := context.unknown("person", username):
                    yield f"types[{i}].submitters[{j}]", message
        if not context.codes.get("dossier_type", set()) & {kind.code for kind in data.types}:
            yield "types", str(_("None of these dossier types exists."))

    def load(self, data: DossiersFile, context: ProfileContext) -> None:
        """Play all dossiers; types of plugins that are switched off are left out."""
        what = str(Dossier._meta.verbose_name_plural)
        source = f"profile:{context.profile}"
        played = Submission.objects.filter(source=source).count()
        if played:
            context.counts[what, "kept"] += played
            return
        known = set(DossierType.objects.filter(is_active=True).values_list("code", flat=True))
        types = [kind for kind in data.types if kind.code in known]
        newest = Notification.objects.aggregate(newest=Max("pk"))["newest"] or 0
        player = Player(data, types, context, source)
        try:
            player.play_all()
        except PlayError as error:
            raise SectionError([("types", str(error))]) from error
        context.counts[what, "created"] += data.count
        _quieten(newest)


def _quieten(newest: int) -> None:
    """Leave unread what still waits for somebody, and send no e-mail about what was only played."""
    told = Notification.objects.filter(pk__gt=newest)
    told.update(planned_at=timezone.now())
    told.exclude(url__in=_waiting_urls()).update(read_at=timezone.now())


def _waiting_urls() -> set[str]:
    waiting: list[Any] = []
    for dossier in Dossier.objects.filter(state__in=Dossier.OPEN):
        waiting += [reverse("task", args=[task.pk]) for task in open_tasks(dossier)]
    return set(waiting)
