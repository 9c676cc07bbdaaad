"""Checks of a definition beyond its shape: everything that would hurt a running dossier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from home.forms.api import FormSchema
from home.people.api import Department
from workflows.dossiers.api import check_pattern
from workflows.steps.api import (
    ERROR,
    RESERVED_IDS,
    WARNING,
    Finding,
    HumanSpec,
    LintScope,
    StepSpec,
    delay_problems,
    steps,
    too_long,
    walk,
)

from .definition import Definition, StartSpec
from .form_checks import form_findings
from .people_checks import Posts, short_lists, skipped_steps
from .ways import askers, dead_ways, long_ways, sure_before, unsure_questions

#: viewflow's chart and human readers both give up beyond this.
MAX_DEPTH = 4


def lint(definition: Definition) -> list[Finding]:
    """Return everything that is wrong or doubtful, errors first."""
    findings = [*_whole(definition), *_repeated(definition), *_steps(definition), *_ways(definition)]
    return sorted(findings, key=lambda finding: finding.level != ERROR)


def errors(findings: list[Finding]) -> list[Finding]:
    """Return those that refuse publication."""
    return [finding for finding in findings if finding.level == ERROR]


def _whole(definition: Definition) -> Iterator[Finding]:
    fault = check_pattern(definition.register_.pattern)
    if fault:
        message = _("The number pattern cannot be used: %(fault)s.") % {"fault": fault}
        yield Finding("flows.E050", message, "register.pattern")
    keys = definition.form.keys()
    if definition.subject and definition.subject not in keys:
        message = _("No question of the form is called “%(key)s”.") % {"key": definition.subject}
        yield Finding("flows.E051", message, "subject")
    yield from _departments(definition)
    yield from _alerts(definition)
    if not definition.human_steps():
        yield Finding("flows.E052", _("No person acts in this flow."), "flow.steps")


def _alerts(definition: Definition) -> Iterator[Finding]:
    """Check what is told before and after the due date of the whole dossier."""
    remind, late = definition.remind, definition.late
    yield from (Finding(code, words, at) for code, words, at in delay_problems(remind, late))
    if (remind or late) and definition.days is None:
        message = _("The dossier has no term (“days”), so nothing is ever late.")
        yield Finding("flows.W142", message, "remind" if remind else "late", level=WARNING)
    if too_long(remind, (definition.days or 0) * 8):
        message = _("The reminder would come before the dossier is received, so it is left out.")
        yield Finding("flows.W149", message, "remind", level=WARNING)


def _departments(definition: Definition) -> Iterator[Finding]:
    named = {"department": [definition.department] if definition.department else []}
    if isinstance(definition.start, StartSpec):
        named["start.departments"] = list(definition.start.departments)
    wanted = {code for codes in named.values() for code in codes}
    known = set(Department.objects.filter(code__in=wanted).values_list("code", flat=True))
    for place, codes in named.items():
        for code in codes:
            if code not in known:
                message = _("No department is called “%(code)s”.") % {"code": code}
                yield Finding("flows.E010", message, place)


def _repeated(definition: Definition) -> Iterator[Finding]:
    ids = Counter(spec.id for spec, _place, _depth in walk(definition.flow.steps))
    for spec, place, _depth in walk(definition.flow.steps):
        if ids[spec.id] > 1:
            message = _("The id “%(id)s” is used twice.") % {"id": spec.id}
            yield Finding("flows.E053", message, f"{place}.id", spec.id)
    keys = Counter(definition.form.keys())
    for spec, place, _depth in walk(definition.flow.steps):
        kind = steps.get(spec.kind)
        form = kind.form(spec)
        own = [*(form.keys() if form else ()), *(field.key for field in kind.provides(spec))]
        for key in own:
            keys[key] += 1
            if keys[key] > 1:
                message = _("The key “%(key)s” is used twice.") % {"key": key}
                yield Finding("flows.E054", message, f"{place}.fields", spec.id)


def _steps(definition: Definition) -> Iterator[Finding]:
    try:
        questions = definition.questions
    except ValueError:  # keys used twice, which `_repeated` names
        return
    earlier = dict(_earlier(definition.flow.steps, ()))
    sure, asked, posts = sure_before(definition.flow.steps), askers(definition), Posts()
    for spec, place, depth in walk(definition.flow.steps):
        if depth > MAX_DEPTH:
            message = _("Blocks are nested more than %(limit)s deep.") % {"limit": MAX_DEPTH}
            yield Finding("flows.E055", message, place, spec.id)
        if spec.id in RESERVED_IDS:
            message = _("The id “%(id)s” is kept for a part of every flow.") % {"id": spec.id}
            yield Finding("flows.E056", message, f"{place}.id", spec.id)
        scope = LintScope(
            questions,
            place,
            spec.id,
            in_parallel=depth > 0,
            steps=definition.steps_by_id,
            earlier=earlier[spec.id],
            sure=sure[spec.id],
            paths=definition.paths,
            days=definition.days,
        )
        yield from steps.get(spec.kind).lint(spec, scope)
        # A step that calculates several answers sees its own.
        known = sure[spec.id] | {spec.id}
        if not isinstance(spec, HumanSpec) and not set(asked.values()) <= known:
            yield from _too_early(spec, scope, unsure_questions(definition, asked, known))
        yield from skipped_steps(spec, scope)
        yield from short_lists(spec, scope)
        if isinstance(spec, HumanSpec):
            yield from posts.vacancies(spec, scope)


def _too_early(spec: StepSpec, scope: LintScope, questions: FormSchema) -> Iterator[Finding]:
    """Yield what a step would say if the steps that may not have run before it had given no answers."""
    kind = steps.get(spec.kind)
    told = {(finding.code, finding.place, finding.message) for finding in kind.lint(spec, scope)}
    for finding in kind.lint(spec, replace(scope, schema=questions)):
        if (finding.code, finding.place, finding.message) not in told:
            message = _("%(problem)s The question belongs to a step that may not have run here.")
            words = {"problem": finding.message}
            yield Finding("flows.E152", message % words, finding.place, spec.id, finding.level)


def _ways(definition: Definition) -> Iterator[Finding]:
    """Yield what is doubtful about the ways through a flow whose ids and keys are sound."""
    try:
        _asked = definition.questions
    except ValueError:  # keys used twice, which `_repeated` names
        return
    yield from form_findings(definition)
    yield from dead_ways(definition)
    yield from long_ways(definition)


def _earlier(specs: Sequence[StepSpec], before: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each step with those that may have run before it; a sibling branch is no such step."""
    for spec in specs:
        yield spec.id, before
        inside: list[str] = [spec.id]
        for branch in steps.get(spec.kind).branches(spec):
            found = list(_earlier(branch.steps, (*before, spec.id)))
            inside += [step for step, _before in found]
            yield from found
        before = (*before, *inside)
