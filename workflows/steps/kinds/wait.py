"""The dossier waits: until a date, for some working time, or until answers say so (chờ)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from home.forms.api import ConditionError, check_condition, evaluate_condition, localized
from home.worktime.api import due_after

from ..editor import Option
from ..findings import Finding
from ..graph import Graph, node_name, ref
from ..registry import LintScope, Say, Step
from ..situation import Situation
from ..spec import Branch, StepSpec
from ..waiting import Awaited, Wait
from .deadlines import term_words

logger = logging.getLogger(__name__)


class WaitSpec(StepSpec):
    """Options: exactly one of a date (`until`), a time (`days` or `hours`) and a condition (`when`)."""

    kind: Literal["wait"] = "wait"
    #: Key of a question that asks for a date; the flow goes on when that day begins.
    until: str = ""
    #: Calendar days after that date, or before it.
    offset: int = Field(default=0, ge=-366, le=366)
    days: int | float | None = Field(default=None, gt=0, le=365, multiple_of=0.5)
    hours: int | float | None = Field(default=None, gt=0, le=1000)
    when: str = Field(default="", max_length=1000)
    #: Working days after which the flow goes on all the same.
    at_most: int | float | None = Field(default=None, gt=0, le=365, multiple_of=0.5)
    #: The steps that run first when `at_most` has passed.
    branches: list[Branch] = Field(default_factory=list, max_length=1)

    editor: ClassVar[Mapping[str, Option]] = {
        "until": Option(
            gettext_lazy("Until the day of an answer"), picks="question", only=("date",), order=30
        ),
        "offset": Option(
            gettext_lazy("so many days after it"), gettext_lazy("With a minus: before it."), order=31
        ),
        "days": Option(gettext_lazy("or for so many working days"), order=32),
        "hours": Option(gettext_lazy("or for so many working hours"), order=33),
        "when": Option(gettext_lazy("or until the answers say so"), condition=True, order=34),
        "at_most": Option(
            gettext_lazy("At most so many working days"),
            gettext_lazy("Then the flow goes on all the same."),
            order=35,
        ),
        "branches": Option(
            gettext_lazy("Steps that run first when it took too long"), item=gettext_lazy("Steps"), order=90
        ),
    }


class WaitStep(Step[WaitSpec]):
    """Waits, and asks nobody."""

    code = "wait"
    title = gettext_lazy("Wait")
    help = gettext_lazy("The dossier waits until a date, for some working time, or until answers say so.")
    icon = "hourglass"
    admin_icon = "time"
    forks = True
    Spec = WaitSpec

    def branches(self, spec: WaitSpec) -> Sequence[Branch]:
        """Return the steps for a wait that took too long."""
        return spec.branches

    def branch_words(self, spec: WaitSpec, index: int) -> str:
        """Say when the branch is taken."""
        words = _("when it takes more than %(days)s working days") % {"days": spec.at_most}
        return localized(spec.branches[index].title) or words

    def brief(self, spec: WaitSpec, say: Say) -> str:
        """Say what is waited for, and how long at most."""
        words = term_words(spec.days, spec.hours)
        if spec.until:
            words = _day_words(spec.offset) % {
                "date": say.name("question", spec.until),
                "days": abs(spec.offset),
            }
        elif spec.when.strip():
            words = _("until: %(condition)s") % {"condition": say.condition(spec.when)}
        cap = _("at most %(term)s") % {"term": term_words(spec.at_most)} if spec.at_most else ""
        return " · ".join(filter(None, [words, cap]))

    def build(self, spec: WaitSpec, graph: Graph, after: str) -> str:
        """Add the waiting node; too late leads through the branch."""
        late = graph.sequence(spec.branches[0].steps, after) if spec.branches else after
        node = Wait(_looker(spec)).on("over", ref(after)).on("late", ref(late))
        return graph.add(node_name(spec.id), node, spec)

    def lint(self, spec: WaitSpec, scope: LintScope) -> Iterator[Finding]:
        """Refuse what cannot be waited for."""
        named = [spec.until, spec.days or spec.hours, spec.when.strip()]
        if sum(bool(one) for one in named) != 1 or (spec.days and spec.hours):
            message = _("Say exactly one: a date, a time, or a condition.")
            yield scope.finding("flows.E080", message, spec)
        if spec.until:
            yield from _lint_date(spec, scope)
        for problem in check_condition(spec.when, scope.schema) if spec.when.strip() else ():
            yield scope.finding("flows.E082", str(problem), spec, at="when")
        if spec.branches and spec.at_most is None:
            message = _("Steps for a wait that takes too long need “at_most”.")
            yield scope.finding("flows.E083", message, spec, at="branches")
        if spec.when.strip() and spec.at_most is None:
            message = _("Without “at_most” the dossier may wait for ever.")
            yield scope.finding("flows.W084", message, spec, at="at_most", level="warning")


def _day_words(offset: int) -> str:
    if offset == 0:
        return _("until %(date)s")
    return _("until %(days)s days after %(date)s") if offset > 0 else _("until %(days)s days before %(date)s")


def _lint_date(spec: WaitSpec, scope: LintScope) -> Iterator[Finding]:
    field = next((field for field in scope.schema.fields() if field.key == spec.until), None)
    if field is None or field.kind != "date":
        message = _("The question “%(key)s” asks for no date.") % {"key": spec.until}
        yield scope.finding("flows.E081", message, spec, at="until")
    elif not field.required:
        message = _("“%(label)s” may stay empty: then the dossier does not wait.") % {
            "label": localized(field.label)
        }
        yield scope.finding("flows.W085", message, spec, at="until", level="warning")


def _looker(spec: WaitSpec) -> Any:
    """Return how a wait of this step stands; ends that are counted are fixed when the wait begins."""

    def look(at: Situation, task: Any) -> Awaited:
        if spec.when.strip():
            if _holds(spec, at):
                return Awaited(outcome="over")
            return Awaited(until=counted_end(spec, task, at, spec.at_most), at_end="late", counted=True)
        if not spec.until:
            end = counted_end(spec, task, at, spec.days, spec.hours)
            return _earlier(spec, task, at, Awaited(until=end, counted=True))
        day = _day(at.answers.get(spec.until))
        if day is None:
            return Awaited(outcome="over")
        begins = datetime.combine(day + timedelta(days=spec.offset), time(), timezone.get_default_timezone())
        if begins <= timezone.now():
            return Awaited(outcome="over")
        return _earlier(spec, task, at, Awaited(until=begins))

    return look


def _earlier(spec: WaitSpec, task: Any, at: Situation, end: Awaited) -> Awaited:
    """Return the end, or what `at_most` allows when that is earlier."""
    if spec.at_most is None:
        return end
    cap = counted_end(spec, task, at, spec.at_most, name="cap")
    if cap is None or (end.until is not None and end.until <= cap):
        return end
    return Awaited(until=cap, at_end="late", counted=True)


def counted_end(
    spec: StepSpec,
    task: Any,
    at: Situation,
    days: float | None,
    hours: float | None = None,
    *,
    name: str = "end",
) -> datetime | None:
    """Return an end in working time from the beginning of the wait, counted once and kept with its task."""
    if days is None and hours is None:
        return None
    kept = task.data.setdefault("ends", {})
    if name not in kept:
        begun = task.started or at.turn.at
        kept[name] = due_after(begun, days=days, hours=hours, department=at.dossier.department).isoformat()
    return datetime.fromisoformat(kept[name])


def _holds(spec: WaitSpec, at: Situation) -> bool:
    try:
        return evaluate_condition(spec.when, at.process.flow_class.schema, at.answers)
    except ConditionError:
        # Lint refuses such conditions; a dossier that meets one all the same waits on and is seen in the log.
        logger.exception("The wait %s of %s cannot be decided", spec.id, at.dossier.number)
        return False


def _day(raw: Any) -> date | None:
    return date.fromisoformat(raw) if isinstance(raw, str) and raw else None
