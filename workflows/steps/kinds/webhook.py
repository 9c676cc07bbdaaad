"""Tells another system that the dossier has come this far (gọi hệ thống khác)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field
from viewflow.workflow.activation import Activation

from workflows.dossiers.api import Errand

from ..editor import Option
from ..findings import Finding
from ..graph import Graph, node_name, ref
from ..nodes import Act
from ..registry import LintScope, Say, Step
from ..situation import Situation
from ..spec import StepSpec


class WebhookSpec(StepSpec):
    """Options: the name of a target that the operator has set up, and which answers it is told."""

    kind: Literal["webhook"] = "webhook"
    target: str = Field(min_length=1, max_length=60)
    answers: list[str] = Field(default_factory=list, max_length=200)

    editor: ClassVar[Mapping[str, Option]] = {
        "target": Option(
            gettext_lazy("Which system"), gettext_lazy("The operator sets them up."), picks="target", order=30
        ),
        "answers": Option(gettext_lazy("Answers that it is told"), picks="question", order=31),
    }


class Webhook(Step[WebhookSpec]):
    """Wants one call of another system and goes on at once."""

    code = "webhook"
    title = gettext_lazy("Call another system")
    help = gettext_lazy(
        "Sends a signed message to a system that the operator has set up; the flow goes on at once."
    )
    icon = "webhook"
    admin_icon = "link-external"
    Spec = WebhookSpec

    def brief(self, spec: WebhookSpec, say: Say) -> str:
        """Say which system is called."""
        return spec.target

    def build(self, spec: WebhookSpec, graph: Graph, after: str) -> str:
        """Add one node that runs at once."""

        def want(activation: Activation) -> None:
            at = Situation.of(activation)
            at.turn.want(
                Errand(
                    kind="webhook",
                    step=spec.id,
                    task_id=activation.task.pk,
                    payload={"target": spec.target, "body": _body(spec, at)},
                )
            )

        return graph.add(node_name(spec.id), Act(want).Next(ref(after)), spec)

    def lint(self, spec: WebhookSpec, scope: LintScope) -> Iterator[Finding]:
        """Name an unknown target and unknown questions."""
        if spec.target not in settings.WEBHOOKS:
            known = ", ".join(settings.WEBHOOKS) or _("none")
            message = _("No target is called “%(name)s”. The operator has set up: %(known)s.")
            words = {"name": spec.target, "known": known}
            yield scope.finding("flows.E130", message % words, spec, at="target")
        keys = set(scope.schema.keys())
        for index, key in enumerate(spec.answers):
            if key not in keys:
                message = _("No question of the form is called “%(key)s”.") % {"key": key}
                yield scope.finding("flows.E131", message, spec, at=f"answers[{index}]")


def _body(spec: WebhookSpec, at: Situation) -> dict[str, Any]:
    """Return what is told: the dossier as it is at this step."""
    dossier = at.dossier
    return {
        "at": at.turn.at.isoformat(),
        "step": spec.id,
        "dossier": {
            "number": dossier.number,
            "type": dossier.type.code,
            "subject": dossier.subject,
            "state": at.turn.state or dossier.state,
        },
        "answers": {key: at.answers.get(key) for key in spec.answers},
    }
