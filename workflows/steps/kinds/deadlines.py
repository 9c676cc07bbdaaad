"""Checks of the terms of a step: what it may take, its reminders, and what happens when it is late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..findings import WARNING, Finding
from ..registry import LintScope, Outcome, Step
from ..spec import Delay, HumanSpec, Late


def term_words(days: float | None, hours: float | None = None) -> str:
    """Say a term in working days or working hours; empty for none."""
    if days is not None:
        words = ngettext("%(days)s working day", "%(days)s working days", _counted(days))
        return words % {"days": number_format(days)}
    if hours is not None:
        words = ngettext("%(hours)s working hour", "%(hours)s working hours", _counted(hours))
        return words % {"hours": number_format(hours)}
    return ""


def _counted(number: float) -> int:
    return 1 if number == 1 else 2


def deadline_findings(step: Step, spec: HumanSpec, scope: LintScope) -> Iterator[Finding]:
    """Yield what is wrong or doubtful about days, hours, reminders and escalations of a step."""
    yield from _term(spec, scope)
    yield from _delays(spec, scope)
    for index, late in enumerate(spec.late):
        yield from _late(step, spec, scope, late, f"late[{index}]")


def _term(spec: HumanSpec, scope: LintScope) -> Iterator[Finding]:
    if spec.days is not None and spec.hours is not None:
        message = _("Give the term of the step in days or in hours, not in both.")
        yield scope.finding("flows.E140", message, spec, at="hours")
    own = Delay.model_construct(days=spec.days, hours=spec.hours).rough_hours
    if scope.days is not None and own > scope.days * 8:
        message = _("The step may take longer than the whole dossier.")
        at = "days" if spec.days is not None else "hours"
        yield scope.finding("flows.W141", message, spec, at=at, level=WARNING)
    if (spec.remind or spec.late) and not own and scope.days is None:
        message = _("Neither the step nor the dossier has a term, so nothing is ever late.")
        at = "remind" if spec.remind else "late"
        yield scope.finding("flows.W142", message, spec, at=at, level=WARNING)
    if too_long(spec.remind, own):
        message = _("The reminder would come before the step begins, so it is left out.")
        yield scope.finding("flows.W149", message, spec, at="remind", level=WARNING)


def too_long(remind: Sequence[Delay], hours: float) -> bool:
    """Tell whether a reminder would come before a term of so many hours begins."""
    return bool(hours) and max((delay.rough_hours for delay in remind), default=0) >= hours


def delay_problems(remind: Sequence[Delay], late: Sequence[Delay]) -> Iterator[tuple[str, str, str]]:
    """Yield code, words and place of what is wrong with the delays before and after a due date."""
    for key, delays in (("remind", remind), ("late", late)):
        for index, delay in enumerate(delays):
            if len(delay.given) != 1:
                words = _("Say how long by exactly one of “days” and “hours”.")
                yield "flows.E147", words, f"{key}[{index}]"
    lengths = [delay.rough_hours for delay in remind]
    if len(set(lengths)) < len(lengths):
        yield "flows.E143", _("Two reminders come at the same time."), "remind"
    lengths = [delay.rough_hours for delay in late]
    if any(later <= earlier for earlier, later in pairwise(lengths)):
        yield "flows.E143", _("What happens later has to stand later, each with a longer delay."), "late"


def _delays(spec: HumanSpec, scope: LintScope) -> Iterator[Finding]:
    for code, words, at in delay_problems(spec.remind, spec.late):
        yield scope.finding(code, words, spec, at=at)
    if any(late.do == "outcome" for late in spec.late[:-1]):
        message = _("An automatic outcome ends the step; nothing can follow it.")
        yield scope.finding("flows.E143", message, spec, at="late")


def _late(step: Step, spec: HumanSpec, scope: LintScope, late: Late, at: str) -> Iterator[Finding]:
    if late.to is not None:
        for problem in late.to.problems(scope):
            yield scope.finding(late.to.problem_code, problem, spec, at=f"{at}.to")
    strange = [
        key
        for key, fits in (("to", "reassign"), ("outcome", "outcome"), ("note", "outcome"))
        if getattr(late, key) and late.do != fits
    ]
    for key in strange:
        message = _("“%(key)s” has no meaning with “do: %(do)s”.") % {"key": key, "do": late.do}
        yield scope.finding("flows.E148", message, spec, at=f"{at}.{key}")
    if late.do == "outcome":
        yield from _automatic(step, spec, scope, late, at)


def _automatic(step: Step, spec: HumanSpec, scope: LintScope, late: Late, at: str) -> Iterator[Finding]:
    outcome = {found.code: found for found in step.outcomes(spec)}.get(late.outcome)
    if outcome is None:
        message = _("Name the outcome that ends the step; “%(code)s” is none of its outcomes.")
        yield scope.finding("flows.E144", message % {"code": late.outcome}, spec, at=f"{at}.outcome")
        return
    if not _knows_its_way(outcome):
        message = _("Nobody is there to say where the dossier goes back to.")
        yield scope.finding("flows.E144", message, spec, at=f"{at}.outcome")
    if outcome.note_required and not late.note:
        message = _("The outcome needs a reason: write it as “note”.")
        yield scope.finding("flows.E145", message, spec, at=at)
    if _asks(step, spec, scope):
        message = _("The step asks questions that only a person can answer, so it cannot end by itself.")
        yield scope.finding("flows.E146", message, spec, at=at)


def _knows_its_way(outcome: Outcome) -> bool:
    return (
        not outcome.targets
        or "rework" in outcome.targets
        or (len(outcome.targets) == 1 and "*" not in outcome.targets)
    )


def _asks(step: Step, spec: HumanSpec, scope: LintScope) -> bool:
    form = step.asks(spec, scope.schema)
    questions = any(question.required for question in form.fields()) if form is not None else False
    return questions or type(step).ask is not Step.ask
