"""What the forms of a definition say about themselves: the form it begins with, and those of its steps."""

from __future__ import annotations

from collections.abc import Iterator

from home.forms.api import FormSchema, Problem, is_doubt, lint_form
from workflows.steps.api import ERROR, WARNING, Finding, steps, walk

from .definition import Definition


def form_findings(definition: Definition) -> Iterator[Finding]:
    """Yield what is wrong or doubtful in conditions, calculations and defaults of questions.

    Questions of a step may depend on any question of the dossier.
    """
    yield from _of(definition.form, "form", "")
    known = definition.questions
    for spec, place, _depth in walk(definition.flow.steps):
        form = steps.get(spec.kind).form(spec)
        if form is not None:
            yield from _of(form, place, spec.id, known)


def _of(form: FormSchema, place: str, step: str, known: FormSchema | None = None) -> Iterator[Finding]:
    for problem in lint_form(form, known):
        level = WARNING if is_doubt(problem) else ERROR
        code = "flows.W061" if is_doubt(problem) else "flows.E060"
        yield Finding(code, problem.message, _place(problem, place, in_form=not step), step, level)


def _place(problem: Problem, place: str, *, in_form: bool) -> str:
    if in_form:
        return f"{place}.{problem.place}"
    return f"{place}.{problem.place.partition('.')[2] or 'fields'}"
