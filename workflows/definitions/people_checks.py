"""Checks of who acts: posts that are vacant today, steps that may not have run, and lists that are too short."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from home.forms.api import localized
from home.people.api import Department, User
from workflows.steps.api import (
    WARNING,
    BlockSpec,
    Finding,
    HumanSpec,
    HumanStep,
    LintScope,
    Rule,
    StepSpec,
    nobody_words,
    rule_words,
    steps,
)


class Posts:
    """Asks each rule once in one check of a definition."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def vacancies(self, spec: HumanSpec, scope: LintScope) -> Iterator[Finding]:
        """Warn of posts that nobody holds today, and of a fallback that could never be asked."""
        for key in ("who", "fallback"):
            rule: Rule = getattr(spec, key)
            if rule.problems(scope):
                continue
            if why := self._why(rule):
                words = {"rule": rule_words(rule), "why": nobody_words(why)}
                message = (
                    _("Nobody is found today for “%(rule)s”: %(why)s.")
                    if key == "who"
                    else _("Nobody is found today for the fallback “%(rule)s”: %(why)s.")
                )
                yield scope.finding("flows.W153", message % words, spec, at=key, level=WARNING)
        kind = steps.get(spec.kind)
        judges = isinstance(kind, HumanStep) and kind.decides and not spec.own_dossier
        if judges and spec.fallback.code == "submitter":
            message = _("The fallback is never asked: nobody decides on their own dossier.")
            yield scope.finding("flows.W154", message, spec, at="fallback", level=WARNING)

    def _why(self, rule: Rule) -> str:
        key = repr(rule)
        if key not in self._known:
            self._known[key] = rule.nobody_today()
        return self._known[key]


def skipped_steps(spec: StepSpec, scope: LintScope) -> Iterator[Finding]:
    """Warn of what names an earlier step that may not have run."""
    listed = getattr(spec, "return_to", [])
    for step in listed if isinstance(listed, list) else []:
        if step in scope.earlier and step not in scope.sure:
            message = _("“%(step)s” may not have run; then nobody can send the dossier there.")
            words = {"step": _title(step, scope)}
            yield scope.finding("flows.W156", message % words, spec, at="return_to", level=WARNING)
    for key in ("who", "fallback"):
        step = getattr(getattr(spec, key, None), "done_by", "")
        if step in scope.earlier and step not in scope.sure:
            message = _("“%(step)s” may not have run; then the rule finds nobody.")
            words = {"step": _title(step, scope)}
            yield scope.finding("flows.W157", message % words, spec, at=key, level=WARNING)
    if isinstance(spec, HumanSpec):
        yield from _automatic_returns(spec, scope)


def _automatic_returns(spec: HumanSpec, scope: LintScope) -> Iterator[Finding]:
    """Refuse an automatic return to a step that may not have run: the clock could not carry it out."""
    outcomes = {outcome.code: outcome for outcome in steps.get(spec.kind).outcomes(spec)}
    for index, late in enumerate(spec.late):
        targets = outcomes[late.outcome].targets if late.outcome in outcomes else ()
        if len(targets) == 1 and targets[0] in scope.earlier and targets[0] not in scope.sure:
            message = _("“%(step)s” may not have run; then nothing could be done when this step is late.")
            words = {"step": _title(targets[0], scope)}
            yield scope.finding("flows.E158", message % words, spec, at=f"late[{index}].outcome")


def short_lists(spec: StepSpec, scope: LintScope) -> Iterator[Finding]:
    """Refuse a block that asks for more votes than its list of departments or people has."""
    if not isinstance(spec, BlockSpec) or spec.kind != "each":
        return
    wanted = getattr(spec.rule, "quorum", None) or getattr(spec.rule, "weight", None)
    listed: Any = getattr(spec, "of", None)
    names = getattr(listed, "departments", None) or getattr(listed, "people", None)
    if wanted is None or names is None:
        return
    count = len(set(names))
    if wanted > count:
        message = _("%(wanted)s must agree, but the list names only %(count)s.")
        yield scope.finding("flows.E155", message % {"wanted": wanted, "count": count}, spec, at="rule")
    elif wanted > (today := _there_today(listed)):
        message = _("%(wanted)s must agree, but of the list only %(count)s are there today.")
        words = {"wanted": wanted, "count": today}
        yield scope.finding("flows.W155", message % words, spec, at="rule", level=WARNING)


def _there_today(listed: Any) -> int:
    """Return how many of a list are active."""
    codes: Sequence[str] = getattr(listed, "departments", None) or ()
    if codes:
        return Department.objects.filter(code__in=codes, is_active=True).count()
    people: Collection[str] = getattr(listed, "people", ())
    return User.objects.filter(username__in=people, is_active=True).count()


def _title(step: str, scope: LintScope) -> str:
    spec = scope.steps.get(step)
    return localized(spec.title) if spec else step
