"""Sample cases as tests of a draft: walked again before each publication, and compared with the way of before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from home.forms.api import localized
from home.people.api import User
from workflows.definitions.api import Definition
from workflows.dossiers.api import Dossier
from workflows.engine.api import Sample, Trial, play, read_choices
from workflows.steps.api import WARNING, Finding, steps, walk

from .models import FlowDraft, SampleCase

#: More samples of one draft than this are not stored; each is walked before a publication.
MAX_SAMPLES = 30

#: What a line of the comparison is: as before, gone, or new.
SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True)
class Run:
    """One sample walked again. `problem` says why it fails (empty: it does not), `lines` compare both ways."""

    case: SampleCase
    trial: Trial | None = None
    problem: str = ""
    lines: Sequence[tuple[str, str]] = ()

    @property
    def differs(self) -> bool:
        """Whether the sample takes another way than when it was stored."""
        return any(what != SAME for what, _words in self.lines)

    @property
    def broken_off(self) -> bool:
        """Whether there was not time enough to walk it, which says nothing about the flow."""
        return self.trial is not None and self.trial.broken_off

    @property
    def state(self) -> str:
        """`broken_off`, `failed`, `differs` or `same`."""
        if self.broken_off:
            return "broken_off"
        return "failed" if self.problem else "differs" if self.differs else "same"


def sample_of(case: SampleCase) -> Sample | None:
    """Return what a stored sample is walked with; None when its submitter has left."""
    if case.submitter is None or not case.submitter.is_active:
        return None
    answers = case.answers if isinstance(case.answers, dict) else {}
    return Sample(case.submitter, answers, read_choices(case.choices))


def run(case: SampleCase, definition: Definition) -> Run:
    """Walk a stored sample on a definition and compare the way with the expected one."""
    sample = sample_of(case)
    if sample is None:
        return Run(case, problem=_("Its submitter has left. Choose somebody else and store it again."))
    trial = play(definition, sample)
    expected = case.expected if isinstance(case.expected, dict) else {}
    lines = compared(expected, trial.path(), definition)
    # A sample that was stored although it did not come to its end may stop at the same place again.
    stops = trial.stopped and (expected.get("end") or any(what != SAME for what, _words in lines))
    return Run(case, trial, trial.stopped if stops else "", lines)


def runs_of(draft: FlowDraft, definition: Definition) -> list[Run]:
    """Walk all samples of a draft."""
    if draft.pk is None:
        return []
    cases = SampleCase.objects.filter(draft=draft.pk).select_related("submitter", "draft")
    return [run(case, definition) for case in cases]


def sample_findings(draft: FlowDraft, definition: Definition) -> list[Finding]:
    """Return a finding for each sample that fails (an error) or takes another way than before (a warning)."""
    found = []
    places = {spec.id: place for spec, place, _depth in walk(definition.flow.steps)}
    for one in runs_of(draft, definition):
        words = {"name": one.case.name, "problem": one.problem}
        if one.broken_off:
            text = _("There was not time enough to walk the sample “%(name)s”. Look at it under “Samples”.")
            found.append(Finding("flows.W163", text % words, "flow", level=WARNING))
        elif one.problem:
            text = _("The sample “%(name)s” fails: %(problem)s")
            step = _last_step(one)
            found.append(Finding("flows.E162", text % words, places.get(step, "flow"), step))
        elif one.differs:
            text = _("The sample “%(name)s” now takes another way.")
            found.append(Finding("flows.W161", text % words, "flow", level=WARNING))
    return found


def _last_step(one: Run) -> str:
    return one.trial.steps[-1].step if one.trial is not None and one.trial.steps else ""


def store(
    draft: FlowDraft, name: str, sample: Sample, trial: Trial, *, by: User, case: SampleCase | None = None
) -> SampleCase:
    """Keep a sample with the way that it has just taken, as a new one or over `case`."""
    case = case or SampleCase(draft=draft)
    case.name, case.submitter, case.by = name, sample.submitter, by
    case.answers = dict(sample.answers)
    case.choices = {step: [act.data() for act in acts] for step, acts in sample.choices.items()}
    case.expected = trial.path()
    case.save()
    return case


# --- both ways, side by side ---------------------------------------------------------------------------------


def compared(
    expected: Mapping[str, Any], now: Mapping[str, Any], definition: Definition
) -> list[tuple[str, str]]:
    """Return the lines of both ways in words, each with whether it is as before, gone, or new."""
    before, after = _marks(expected), _marks(now)
    found: list[tuple[str, str]] = []
    for what, a, b, c, d in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if what == "equal":
            found += [(SAME, _words(mark, definition)) for mark in before[a:b]]
            continue
        found += [(GONE, _words(mark, definition)) for mark in before[a:b]]
        found += [(NEW, _words(mark, definition)) for mark in after[c:d]]
    return found


def _marks(path: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows: Iterable[Any] = path.get("steps") or []
    marks = [(str(row[0]), str(row[1])) for row in rows if isinstance(row, list | tuple) and len(row) == 2]
    return [*marks, ("", str(path.get("end") or ""))]


def _words(mark: tuple[str, str], definition: Definition) -> str:
    """Say one line of a stored path; steps and outcomes that are gone stand for themselves."""
    step, result = mark
    if not step:
        known = dict(Dossier.State.choices)
        return _("End: %(state)s") % {"state": known.get(result, result) or _("not reached")}
    spec = definition.steps_by_id.get(step)
    title = localized(spec.title) if spec else step
    if not result:
        return title
    return f"{title}: {_result_words(spec, result)}"


def _result_words(spec: Any, result: str) -> str:
    if result.startswith("closed:"):
        return _("no longer needed")
    if spec is None:
        return result
    kind = steps.get(spec.kind)
    labels = {outcome.code: str(outcome.label) for outcome in kind.outcomes(spec)}
    if result.isdecimal() and int(result) <= len(kind.branches(spec)):
        return str(kind.branch_words(spec, int(result) - 1))
    return labels.get(result, result)
