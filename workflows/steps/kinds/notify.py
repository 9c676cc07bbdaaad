"""Tells people something and goes on (thông báo)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import ClassVar, Literal

from django.utils.translation import gettext_lazy
from pydantic import Field
from viewflow.workflow.activation import Activation

from home.forms.api import Text

from ..editor import Option
from ..findings import Finding
from ..graph import Graph, node_name, ref
from ..nodes import Act
from ..registry import LintScope, Say, Step
from ..situation import Situation
from ..spec import StepSpec
from ..who import NobodyError, Who, found_by


class NotifySpec(StepSpec):
    """Options: whom to tell, and the words (plain text; nothing in them is ever run)."""

    kind: Literal["notify"] = "notify"
    to: list[Who] = Field(min_length=1, max_length=20)
    message: Text = ""

    editor: ClassVar[Mapping[str, Option]] = {
        "to": Option(gettext_lazy("Who is told"), item=gettext_lazy("Recipient"), start=(None,), order=10),
        "message": Option(gettext_lazy("Message"), order=11, lines=True),
    }


class Notify(Step[NotifySpec]):
    """Sends a notification to everyone whom its rules find; nobody needs to act."""

    code = "notify"
    title = gettext_lazy("Notification")
    help = gettext_lazy("Tells people that the dossier has come this far.")
    icon = "bell"
    admin_icon = "mail"
    Spec = NotifySpec

    def brief(self, spec: NotifySpec, say: Say) -> str:
        """Say whom it tells."""
        return ", ".join(say.rule(rule) for rule in spec.to)

    def build(self, spec: NotifySpec, graph: Graph, after: str) -> str:
        """Add one node that runs at once."""

        def tell(activation: Activation) -> None:
            _tell(spec, Situation.of(activation))

        return graph.add(node_name(spec.id), Act(tell).Next(ref(after)), spec)

    def lint(self, spec: NotifySpec, scope: LintScope) -> Iterator[Finding]:
        """Name people, positions and departments that do not exist."""
        for index, rule in enumerate(spec.to):
            for problem in rule.problems(scope):
                yield scope.finding(rule.problem_code, problem, spec, at=f"to[{index}]")


def _tell(spec: NotifySpec, at: Situation) -> None:
    turn = at.turn
    found = []
    for rule in spec.to:
        # Whom a notice does not find is not asked for anything: the flow goes on.
        with suppress(NobodyError):
            found.append(found_by(rule, at))
    people = {person.pk: person for assignment in found for person in assignment.people()}
    for assignment in found:
        turn.principals |= assignment.principals()
    turn.notify("dossier.told", list(people.values()), step=spec.title, message=spec.message)
    turn.log(
        "dossier.told", step=spec.id, title=spec.title, people=[person.username for person in people.values()]
    )
