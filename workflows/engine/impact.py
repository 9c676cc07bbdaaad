"""What publishing a definition means for dossiers that run: on which versions they are, and where they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import CharField, Count
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from viewflow.workflow.models import Task

from home.forms.api import localized
from workflows.definitions.api import DamagedVersionError, Definition, definition_of
from workflows.dossiers.api import Dossier, DossierType, FlowVersion

from .migrating import Place, place_trouble, questions_trouble


@dataclass(frozen=True)
class Standing:
    """How many dossiers of a version stand at a step; `trouble` says why they could not go over, else it is empty."""

    step: str
    title: str
    count: int
    trouble: str = ""


@dataclass(frozen=True)
class Running:
    """The dossiers that run on one version; `trouble` is what keeps all of them there, whatever step they are at."""

    version: FlowVersion
    count: int
    standing: list[Standing] = field(default_factory=list)
    trouble: str = ""

    @property
    def stuck(self) -> list[Standing]:
        """The steps whose dossiers could not go over to the new version."""
        return [one for one in self.standing if one.trouble]

    def words(self) -> str:
        """Say how many dossiers run on the version, and that they stay there."""
        text = ngettext(
            "%(count)d dossier runs on version %(number)d and stays on it.",
            "%(count)d dossiers run on version %(number)d and stay on it.",
            self.count,
        )
        return text % {"count": self.count, "number": self.version.number}


@dataclass(frozen=True)
class Impact:
    """What a publication means for running dossiers. Empty for a type that is new, or of which none runs."""

    running: list[Running] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many dossiers run, on all versions."""
        return sum(one.count for one in self.running)

    def words(self) -> list[str]:
        """Say it in sentences, one for each version and each step that the new one lacks or has changed."""
        if not self.running:
            return [_("No dossier of this type runs.")]
        found = []
        for one in self.running:
            found.append(one.words())
            if one.trouble:
                found.append(one.trouble)
            found += [_standing_words(place) for place in one.stuck]
        return found


def impact(definition: Definition, kind: DossierType | None) -> Impact:
    """Return what publishing `definition` as the next version of `kind` means; three queries, however many run."""
    if kind is None:
        return Impact()
    open_ones = Dossier.objects.filter(type=kind, state__in=Dossier.OPEN).order_by()
    counts = dict(open_ones.values_list("version").annotate(Count("pk")))
    versions = FlowVersion.objects.filter(pk__in=counts).select_related("type").order_by("-number")
    places = _places(kind) if counts else {}
    return Impact([_running(version, counts[version.pk], places, definition) for version in versions])


def _places(kind: DossierType) -> Mapping[str, list[tuple[Place, int]]]:
    """Return where the open dossiers of a type stand, with how many, by the class of the version; one query."""
    tasks = Task.objects.filter(
        finished__isnull=True,
        flow_task_type__in=["HUMAN", "WAIT"],
        process__dossierprocess__dossier__type=kind,
        process__dossierprocess__dossier__state__in=Dossier.OPEN,
    )
    nodes = tasks.order_by().annotate(node=Cast("flow_task", CharField())).values_list("node")
    found: dict[str, list[tuple[Place, int]]] = defaultdict(list)
    for node, count in nodes.annotate(Count("process", distinct=True)):
        found[node.rsplit(".", 2)[1]].append((Place.of(node), count))
    return found


def _running(
    version: FlowVersion,
    count: int,
    places: Mapping[str, list[tuple[Place, int]]],
    definition: Definition,
) -> Running:
    try:
        old = definition_of(version)
    except DamagedVersionError:
        return Running(version, count, trouble=_("The version cannot be read any more."))
    order = list(old.steps_by_id)
    standing = [
        Standing(
            place.step,
            localized(old.steps_by_id[place.step].title),
            number,
            place_trouble(place, old, definition),
        )
        for place, number in places.get(version.class_name, [])
        if place.step in old.steps_by_id
    ]
    standing.sort(key=lambda one: order.index(one.step))
    return Running(version, count, standing, questions_trouble(old, definition))


def _standing_words(one: Standing) -> str:
    counted = ngettext(
        "%(count)d of them stands at “%(step)s”.", "%(count)d of them stand at “%(step)s”.", one.count
    ) % {"count": one.count, "step": one.title}
    return f"{counted} {one.trouble}"
