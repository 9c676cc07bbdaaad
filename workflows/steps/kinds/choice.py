"""The answers decide which way the dossier goes (điều kiện)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, Literal, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, ValidationError, model_validator
from viewflow.workflow.activation import Activation

from home.forms.api import check_condition, evaluate_condition, fault, localized

from ..decision_table import Table, row_words
from ..editor import Option
from ..findings import Finding
from ..graph import Graph, node_name, ref
from ..nodes import Choice as ChoiceNode
from ..registry import LintScope, Say, Step
from ..spec import Branch, StepSpec
from ..turn import Weighed, current_turn


class ChoiceBranch(Branch):
    """Either a condition on answers (CEL), or `otherwise: true`; with a decision table neither."""

    when: str = Field(default="", max_length=1000)
    otherwise: bool = False

    editor: ClassVar[Mapping[str, Option]] = {
        "when": Option(gettext_lazy("Taken when"), condition=True, when={"otherwise": ()}, order=3),
        "otherwise": Option(
            gettext_lazy("Otherwise: taken when no other branch is"),
            gettext_lazy("For the last branch, which has no condition."),
            order=2,
        ),
    }


class ChoiceSpec(StepSpec):
    """Options: the branches in order, the last one `otherwise`; or a decision table that names the branches."""

    kind: Literal["choice"] = "choice"
    branches: list[ChoiceBranch] = Field(min_length=2, max_length=20)
    table: Table | None = None

    editor: ClassVar[Mapping[str, Option]] = {
        "branches": Option(
            gettext_lazy("Branches"),
            gettext_lazy("The first whose condition holds is taken; the last is for everything else."),
            item=gettext_lazy("Branch"),
            start=({}, {"otherwise": True}),
            order=90,
        ),
        "table": Option(
            gettext_lazy("Decision table"),
            gettext_lazy("Instead of conditions at the branches."),
            either={"given": gettext_lazy("Decide by a table")},
            order=95,
            more=True,
        ),
    }

    @model_validator(mode="after")
    def _one_way_to_choose(self) -> Self:
        wanted, code = (1, "when_or_otherwise") if self.table is None else (0, "when_or_table")
        lines = [
            fault(code, "branches", index, "when", value=branch.when)
            for index, branch in enumerate(self.branches)
            if bool(branch.when.strip()) + branch.otherwise != wanted
        ]
        if lines:
            raise ValidationError.from_exception_data("ChoiceSpec", lines)
        return self

    def number_of(self, target: int | str) -> int | None:
        """Return the index of the branch that a table names by number (from 1) or title, or None."""
        if isinstance(target, int):
            return target - 1 if 1 <= target <= len(self.branches) else None
        for index, branch in enumerate(self.branches):
            titles = branch.title.values() if isinstance(branch.title, dict) else [branch.title]
            if target in titles:
                return index
        return None


class Choice(Step[ChoiceSpec]):
    """Takes the first branch whose condition holds, else the otherwise branch."""

    code = "choice"
    title = gettext_lazy("Condition")
    help = gettext_lazy("The answers decide which way the dossier goes.")
    icon = "arrows-split"
    admin_icon = "help"
    Spec = ChoiceSpec

    def branches(self, spec: ChoiceSpec) -> Sequence[Branch]:
        """Return the branches."""
        return spec.branches

    def branch_words(self, spec: ChoiceSpec, index: int) -> str:
        """Say the branch's title, else its condition."""
        branch = spec.branches[index]
        return localized(branch.title) or branch.when or _table_words(spec, index) or _("otherwise")

    def way_words(self, spec: ChoiceSpec, index: int, say: Say) -> str:
        """Say the branch's condition, or the rows of the table that lead to it."""
        branch = spec.branches[index]
        if branch.when.strip():
            return say.condition(branch.when)
        return _table_words(spec, index) or _("otherwise")

    def build(self, spec: ChoiceSpec, graph: Graph, after: str) -> str:
        """Add the gateway; each branch leads on to `after`."""
        node = ChoiceNode()
        entries = [ref(graph.sequence(branch.steps, after)) for branch in spec.branches]
        for condition, index in _cases(spec):
            if condition:
                node.Case(entries[index], _condition(condition, index))
            else:
                node.Default(entries[index])
        return graph.add(node_name(spec.id), node, spec)

    def taken(self, spec: ChoiceSpec, weighed: Sequence[Weighed]) -> int:
        """Return the branch that a choice took which asked these conditions."""
        held = [one.branch for one in weighed if one.held]
        return held[0] if held else _cases(spec)[-1][1]

    def lint(self, spec: ChoiceSpec, scope: LintScope) -> Iterator[Finding]:
        """Refuse conditions that cannot be decided, a missing or misplaced otherwise branch, a crooked table."""
        if spec.table is not None:
            yield from _lint_table(spec, spec.table, scope)
            return
        *others, last = spec.branches
        if not last.otherwise or any(branch.otherwise for branch in others):
            yield scope.finding(
                "flows.E030",
                _("The last branch, and only the last, must be the otherwise branch."),
                spec,
                at="branches",
            )
        for index, branch in enumerate(spec.branches):
            for problem in check_condition(branch.when, scope.schema) if branch.when else ():
                yield scope.finding("flows.E031", str(problem), spec, at=f"branches[{index}].when")


def _lint_table(spec: ChoiceSpec, table: Table, scope: LintScope) -> Iterator[Finding]:
    named = set()
    for place, target in [(f"table.rows[{n}].go", row.go) for n, row in enumerate(table.rows)] + [
        ("table.otherwise", table.otherwise)
    ]:
        index = spec.number_of(target)
        named.add(index)
        if index is None:
            message = _("No branch is called “%(branch)s”.") % {"branch": target}
            yield scope.finding("flows.E102", message, spec, at=place)
    for index in sorted(set(range(len(spec.branches))) - named):
        message = _("The table never leads to branch %(number)s.") % {"number": index + 1}
        yield scope.finding("flows.W104", message, spec, at=f"branches[{index}]", level="warning")
    for number, row in enumerate(table.rows):
        place = f"table.rows[{number}].when"
        if len(row.when) != len(table.inputs):
            message = _("The row has %(cells)s tests for %(inputs)s inputs.")
            values = {"cells": len(row.when), "inputs": len(table.inputs)}
            yield scope.finding("flows.E103", message % values, spec, at=place)
            continue
        for problem in check_condition(table.condition(row), scope.schema):
            yield scope.finding("flows.E031", str(problem), spec, at=place)


def _cases(spec: ChoiceSpec) -> list[tuple[str, int]]:
    """Return each condition with the index of its branch, in order; the last has none and always holds.

    Raises LookupError for a table that names a branch which does not exist: it was never published.
    """
    if spec.table is None:
        return [(branch.when, index) for index, branch in enumerate(spec.branches)]
    table = spec.table
    found = [(table.condition(row), spec.number_of(row.go)) for row in table.rows]
    cases = [(condition, index) for condition, index in (*found, ("", spec.number_of(table.otherwise)))]
    if any(index is None for _condition_, index in cases):
        raise LookupError(f"The table of {spec.id} names a branch that does not exist.")
    return [(condition, index) for condition, index in cases if index is not None]


def _table_words(spec: ChoiceSpec, index: int) -> str:
    """Say the rows of a table that lead to a branch."""
    if spec.table is None:
        return ""
    rows = [row for row in spec.table.rows if spec.number_of(row.go) == index]
    return " · ".join(filter(None, (row_words(spec.table, row) for row in rows)))


def _condition(expression: str, branch: int) -> Callable[[Activation], bool]:
    def holds(activation: Activation) -> bool:
        turn, schema = current_turn(), activation.flow_class.schema
        answers = turn.dossier.answers
        held = evaluate_condition(expression, schema, answers)
        turn.weighed.append(Weighed(activation.task.pk, branch, expression, held, answers))
        return held

    return holds
