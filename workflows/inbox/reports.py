"""The numbers of reports: how many, how long, where it piles up; a fixed number of queries, however many dossiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import mean, median
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from home.people.api import User
from home.worktime.api import working_times
from workflows.dossiers.api import Dossier, DossierType, FlowVersion, Pause
from workflows.engine.api import step_title
from workflows.steps.api import step_id_of

from .report_cells import CELLS, DOSSIER_CELLS, TASK_CELLS, dossiers_of, tasks_of, without_submitters
from .report_scope import Asked

#: Times are reckoned from so many of the newest steps; counts always from all.
SAMPLE = 20_000
#: A step in which less than so many working hours were spent holds nothing up.
LEAST = 1
_DOSSIER = "process__dossierprocess__dossier"


@dataclass(frozen=True)
class Times:
    """How long something took, in working hours."""

    lengths: Sequence[float]

    @property
    def average(self) -> float:
        """The mean."""
        return mean(self.lengths)

    @property
    def middle(self) -> float:
        """The median: half took longer."""
        return median(self.lengths)

    @property
    def total(self) -> float:
        """All together."""
        return sum(self.lengths)


@dataclass(frozen=True)
class Line:
    """One row of a table: a name, the address words that ask for it, its counts, and how long it took."""

    name: str
    query: Mapping[str, str]
    counts: Mapping[str, int]
    times: Times | None = None
    more: str = ""

    @property
    def rate(self) -> float | None:
        """How many of a hundred that had a due date kept it; None where nothing was due."""
        of_steps = "done" in self.counts
        kept, missed = (
            self.counts[code]
            for code in (("done_in_time", "done_late") if of_steps else ("in_time", "overdue"))
        )
        return 100 * kept / (kept + missed) if kept + missed else None


@dataclass(frozen=True)
class Report:
    """Everything that one report shows; `partial` says that times are those of the newest steps only."""

    total: Line
    departments: list[Line]
    types: list[Line]
    months: list[Line]
    steps: list[Line]
    people: list[Line]
    bottleneck: Line | None
    share: float
    partial: bool


def report_of(asked: Asked) -> Report:
    """Return the report that is asked for. Fifteen queries at most."""
    spans, partial = _spans(asked)
    by_step = _times(spans, lambda row: _place(row[0]), _hours(spans, from_taken=False))
    by_person = _times(spans, lambda row: row[1], _hours(spans, from_taken=True))
    steps = _steps(asked, by_step)
    slow = max((line for line in steps if line.times), key=_total, default=None)
    whole = sum(_total(line) for line in steps)
    return Report(
        total=_total_line(asked),
        departments=_departments(asked),
        types=_types(asked),
        months=_months(asked),
        steps=steps,
        people=_people(asked, by_person),
        bottleneck=slow if slow and _total(slow) >= LEAST else None,
        share=100 * _total(slow) / whole if slow and whole else 0,
        partial=partial,
    )


def _total(line: Line) -> float:
    return line.times.total if line.times else 0


# --- dossiers ----------------------------------------------------------------------------------------------------


def _any(codes: Iterable[str], asked: Asked) -> Q:
    """Return the condition on what at least one cell counts: the rest of a large table is not even looked at."""
    found = Q()
    for code in codes:
        found |= CELLS[code].condition(asked)
    return found


def _counts(cells: Iterable[Any], asked: Asked) -> dict[str, Count]:
    return {cell.code: Count("pk", filter=cell.condition(asked)) for cell in cells}


def _counted_dossiers(asked: Asked) -> QuerySet[Dossier]:
    return dossiers_of(asked).filter(_any(("received", "finished", "open"), asked))


def _counted_tasks(asked: Asked) -> QuerySet[Task]:
    return tasks_of(asked).filter(_any(("done", "waiting"), asked))


def _total_line(asked: Asked) -> Line:
    counts = _counted_dossiers(asked).aggregate(**_counts(DOSSIER_CELLS, asked))
    return Line(_("All"), asked.query(), counts)


def _grouped(asked: Asked, column: str) -> dict[Any, dict[str, int]]:
    """Return the counts by the value of a column; what has none at all is left out."""
    rows = _counted_dossiers(asked).order_by().values(column).annotate(**_counts(DOSSIER_CELLS, asked))
    found = {row.pop(column): row for row in rows}
    return {key: counts for key, counts in found.items() if any(counts.values())}


def _departments(asked: Asked) -> list[Line]:
    found = _grouped(asked, "department")
    lines = [
        Line(row.name, asked.query(unit=row.pk), found[row.pk])
        for row in asked.departments
        if row.pk in found
    ]
    if None in found:
        lines.append(Line(_("No department"), asked.query(unit=0), found[None]))
    return lines


def _types(asked: Asked) -> list[Line]:
    found = _grouped(asked, "type")
    names = DossierType.objects.in_bulk(list(found))
    lines = [Line(str(names[key]), asked.query(type=key), counts) for key, counts in found.items()]
    return sorted(lines, key=lambda line: (-line.counts["received"], line.name))


def _months(asked: Asked) -> list[Line]:
    """Return what came and what was finished in each month of the period."""
    came = _by_month(asked, "opened_at", ["received"])
    ended = _by_month(asked, "closed_at", ["finished", "in_time", "overdue"])
    return [
        Line(
            f"{first:%m/%Y}",
            part.query(since=part.since, until=part.until),
            came.get(first, {"received": 0}) | ended.get(first, {"finished": 0, "in_time": 0, "overdue": 0}),
        )
        for first, part in _parts(asked)
    ]


def _parts(asked: Asked) -> Iterable[tuple[date, Asked]]:
    first = asked.since.replace(day=1)
    while first <= asked.until:
        following = (first + timedelta(days=32)).replace(day=1)
        yield first, asked.during(first, following - timedelta(days=1))
        first = following


def _by_month(asked: Asked, column: str, codes: list[str]) -> dict[date, dict[str, int]]:
    cells = [CELLS[code] for code in codes]
    found = (
        dossiers_of(asked).filter(**{f"{column}__gte": asked.begin, f"{column}__lt": asked.end}).order_by()
    )
    rows: Any = found.annotate(month=TruncMonth(column)).values("month").annotate(**_counts(cells, asked))
    return {timezone.localtime(row.pop("month")).date(): row for row in rows}


# --- steps and people --------------------------------------------------------------------------------------------

#: (reference of the node, owner, dossier, began, taken, finished)
_Span = tuple[str, int | None, int, datetime, datetime | None, datetime]


def _spans(asked: Asked) -> tuple[list[_Span], bool]:
    """Return the newest steps that were done in the period, and whether there were more."""
    done = tasks_of(asked).filter(CELLS["done"].condition(asked)).order_by("-finished", "-pk")
    rows = done.values_list("node", "owner", _DOSSIER, "created", "assigned", "finished")
    found = list(rows[: SAMPLE + 1])
    return found[:SAMPLE], len(found) > SAMPLE


def _place(node: str) -> tuple[int, str]:
    """Return the version and the step of a reference (`engine/compiled.V12_ab34cd56.n_sign_`)."""
    _module, version, name = node.rsplit(".", 2)
    return int(version.removeprefix("V").split("_")[0]), step_id_of(name)


def _times(spans: list[_Span], key: Callable[[_Span], Any], hours: list[float]) -> dict[Any, Times]:
    """Return by key how long steps took."""
    found: dict[Any, list[float]] = defaultdict(list)
    for row, length in zip(spans, hours, strict=True):
        found[key(row)].append(length)
    return {one: Times(lengths) for one, lengths in found.items()}


def _hours(spans: list[_Span], *, from_taken: bool) -> list[float]:
    """Return the working hours of each step, from when it came or from when its owner had it.

    What lies within a pause of its dossier does not count. Two queries.
    """
    if not spans:
        return []
    stretches = [(row[4] if from_taken and row[4] else row[3], row[5]) for row in spans]
    pauses = _pauses({row[2] for row in spans}, min(begin for begin, _end in stretches))
    cuts, owners = [], []
    for number, (row, (begin, end)) in enumerate(zip(spans, stretches, strict=True)):
        for start, stop in pauses.get(row[2], ()):
            if start < end and stop > begin:
                cuts.append((max(start, begin), min(stop, end)))
                owners.append(number)
    lengths = working_times([*stretches, *cuts])
    hours = [length.total_seconds() / 3600 for length in lengths[: len(stretches)]]
    for number, length in zip(owners, lengths[len(stretches) :], strict=True):
        hours[number] -= length.total_seconds() / 3600
    return [max(length, 0.0) for length in hours]


def _pauses(dossiers: set[int], since: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = Pause.objects.filter(ended_at__gte=since).values_list("dossier", "started_at", "ended_at")
    for dossier, start, stop in rows.order_by("pk").iterator():
        if dossier in dossiers and stop is not None:
            found[dossier].append((start, stop))
    return found


def _steps(asked: Asked, times: Mapping[tuple[int, str], Times]) -> list[Line]:
    """Return the steps of all types; versions of one type count together, under the words of the newest."""
    rows = _counted_tasks(asked).order_by().values("node").annotate(**_counts(TASK_CELLS, asked))
    places = {row["node"]: _place(row["node"]) for row in rows}
    versions = FlowVersion.objects.select_related("type").defer("definition")
    known = versions.in_bulk({version for version, _step in places.values()})
    found: dict[tuple[int, str], dict[str, int]] = {}
    newest: dict[tuple[int, str], FlowVersion] = {}
    spent: dict[tuple[int, str], list[Times]] = defaultdict(list)
    for row in rows:
        number, step = places[row["node"]]
        version = known[number]
        key = (version.type_id, step)
        counts = found.setdefault(key, {cell.code: 0 for cell in TASK_CELLS})
        for cell in TASK_CELLS:
            counts[cell.code] += row[cell.code]
        if key not in newest or version.number > newest[key].number:
            newest[key] = version
        if (number, step) in times:
            spent[key].append(times[(number, step)])
    lines = [
        Line(
            step_title(newest[key], key[1]),
            asked.query(step=f"{key[0]}:{key[1]}"),
            counts,
            _together(spent[key]),
            more=str(newest[key].type),
        )
        for key, counts in found.items()
        if any(counts.values())
    ]
    return sorted(lines, key=lambda line: (-_total(line), line.more, line.name))


def _together(parts: list[Times]) -> Times | None:
    """Put the times of several versions together."""
    lengths = [length for part in parts for length in part.lengths]
    return Times(lengths) if lengths else None


def _people(asked: Asked, times: Mapping[int | None, Times]) -> list[Line]:
    """Return who did how much, the busiest first; what submitters do on their own dossiers is left out."""
    tasks = without_submitters(_counted_tasks(asked)).filter(owner__isnull=False)
    rows = tasks.order_by().values("owner").annotate(**_counts(TASK_CELLS, asked))
    found = {row.pop("owner"): row for row in rows}
    found = {key: counts for key, counts in found.items() if any(counts.values())}
    people = User.objects.in_bulk(list(found))
    lines = [
        Line(str(people[key]), asked.query(person=key), counts, times.get(key))
        for key, counts in found.items()
    ]
    return sorted(lines, key=lambda line: (-line.counts["done"], line.name))
