"""Opens linked dossiers of another type, one for each of a list, and waits for them (hồ sơ liên quan)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field
from viewflow.workflow.activation import Activation

from home.forms.api import Field as Question
from home.forms.api import FormSchema, calculate, check_calculation, field_kinds
from workflows.dossiers.api import Dossier, DossierType, Errand, SubDossier

from ..editor import Option
from ..findings import Finding
from ..graph import Graph, node_name, ref
from ..lists import Items, listed
from ..registry import LintScope, Say, Step
from ..situation import Situation
from ..spec import StepSpec
from ..turn import Turn, current_turn
from ..waiting import Awaited, Wait

OPEN_ERRAND, END_ERRAND = "sub_dossier.open", "sub_dossier.end"


class SubDossierSpec(StepSpec):
    """Options: which type, for whom, who submits, what they are asked, and what to wait for."""

    kind: Literal["sub_dossier"] = "sub_dossier"
    type: str = Field(min_length=1, max_length=60)
    of: Items
    wait_for: Literal["all", "any", "none"] = "all"
    #: Who is the submitter of a linked dossier: the unit's head (or the person), or the submitter of this one.
    submitter: Literal["unit", "parent"] = "unit"
    #: Questions of the other form, each with a key of this one or a CEL expression over its answers.
    answers: dict[str, str] = Field(default_factory=dict, max_length=200)
    #: What becomes of linked dossiers that are open when this one is rejected, withdrawn, or runs the step again.
    with_parent: Literal["withdraw", "keep"] = "withdraw"

    editor: ClassVar[Mapping[str, Option]] = {
        "type": Option(gettext_lazy("Type of the linked dossiers"), picks="type", order=10),
        "of": Option(gettext_lazy("One for each of"), order=11),
        "submitter": Option(
            gettext_lazy("Who submits them"),
            choices={
                "unit": gettext_lazy("The head of the unit, or the person"),
                "parent": gettext_lazy("The submitter of this dossier"),
            },
            order=12,
        ),
        "wait_for": Option(
            gettext_lazy("Wait for"),
            choices={
                "all": gettext_lazy("all of them"),
                "any": gettext_lazy("the first of them"),
                "none": gettext_lazy("none: go on at once"),
            },
            order=13,
        ),
        "answers": Option(
            gettext_lazy("Answers that they begin with"),
            either={
                "key": gettext_lazy("Key of the question there"),
                "to": gettext_lazy("Key of the question here, or an expression (CEL)"),
            },
            order=30,
        ),
        "with_parent": Option(
            gettext_lazy("When this dossier is rejected, withdrawn or goes back"),
            choices={
                "withdraw": gettext_lazy("withdraw those that are open"),
                "keep": gettext_lazy("let them go on"),
            },
            order=60,
            more=True,
        ),
    }


class SubDossierStep(Step[SubDossierSpec]):
    """Opens dossiers of another type and waits for all, any or none of them."""

    code = "sub_dossier"
    title = gettext_lazy("Linked dossiers")
    help = gettext_lazy(
        "Opens a dossier of another type for every unit or person of a list, and waits for them."
    )
    icon = "folders"
    admin_icon = "folder-open-inverse"
    Spec = SubDossierSpec

    def brief(self, spec: SubDossierSpec, say: Say) -> str:
        """Say of which type, and for whom."""
        return f"{say.name('type', spec.type)} · {say.items(spec.of)}"

    def build(self, spec: SubDossierSpec, graph: Graph, after: str) -> str:
        """Add the waiting node."""
        node = Wait(_looker(spec), begin=_opener(spec), abandon=_ender(spec)).on("over", ref(after))
        return graph.add(node_name(spec.id), node, spec)

    def dropped(self, spec: SubDossierSpec, turn: Turn) -> None:
        """Have all withdrawn that are open, those for which nobody waits too, if the step says so."""
        if spec.with_parent == "withdraw" and _open_ones(spec, turn.dossier).exists():
            turn.errands = [one for one in turn.errands if (one.kind, one.step) != (END_ERRAND, spec.id)]
            turn.want(Errand(kind=END_ERRAND, step=spec.id, payload={}))

    def provides(self, spec: SubDossierSpec) -> Sequence[Question]:
        """Return how many were closed, and how many of them approved."""
        number = field_kinds.get("number").Options
        words = {"approved": _("linked dossiers approved"), "closed": _("linked dossiers closed")}
        return [
            number.model_validate(
                {"key": f"{spec.id}_{code}", "kind": "number", "label": label, "required": True}
            )
            for code, label in words.items()
        ]

    def lint(self, spec: SubDossierSpec, scope: LintScope) -> Iterator[Finding]:
        """Refuse a type that cannot be opened and answers that do not fit its form."""
        for problem in spec.of.problems(scope):
            yield scope.finding("flows.E010", problem, spec, at="of")
        questions = questions_of_type(spec.type)
        if questions is None:
            message = _("No dossier type “%(code)s” is open for new dossiers.") % {"code": spec.type}
            yield scope.finding("flows.E132", message, spec, at="type")
            return
        for key, expression in spec.answers.items():
            if problem := _problem(key, expression, questions, scope):
                yield scope.finding("flows.E134", problem, spec, at=f"answers.{key}")
        for key, question in questions.items():
            if question.get("required") and key not in spec.answers:
                message = _("The form of “%(type)s” needs an answer to “%(key)s”.")
                yield scope.finding(
                    "flows.E135", message % {"type": spec.type, "key": key}, spec, at="answers"
                )


def questions_of_type(code: str) -> dict[str, dict[str, Any]] | None:
    """Return the questions of the form of an open type by key, as stored; None when there is no such type."""
    found = DossierType.objects.filter(code=code, is_active=True, current__isnull=False)
    raw = found.values_list("current__definition", flat=True).first()
    if raw is None:
        return None
    sections = raw.get("form", {}).get("sections", [])
    return {field["key"]: field for section in sections for field in section.get("fields", [])}


def _problem(key: str, expression: str, questions: Mapping[str, Mapping[str, Any]], scope: LintScope) -> str:
    """Say what is wrong with one answer; empty when nothing is."""
    if key not in questions:
        return _("The form of the linked dossier has no question “%(key)s”.") % {"key": key}
    own = {field.key: field for field in scope.schema.fields()}
    if expression in own:
        kinds = {"own": own[expression].kind, "other": questions[key]["kind"], "key": key}
        if kinds["own"] != kinds["other"]:
            return _("“%(key)s” is a question of the kind %(other)s, not %(own)s.") % kinds
        return ""
    for problem in check_calculation(expression, _question(questions[key]), scope.schema):
        return str(problem)
    return ""


def _question(raw: Mapping[str, Any]) -> Question:
    """Return a question of the other form, as stored, with the options of its kind."""
    return field_kinds.get(raw["kind"]).Options.model_validate(raw)


def _answers(spec: SubDossierSpec, schema: FormSchema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that linked dossiers begin with; what their form no longer asks is left out.

    Raises `ConditionError` for an expression that gives no answer.
    """
    keys = set(schema.keys())
    asked = questions_of_type(spec.type) or {}
    return {
        key: answers.get(text) if text in keys else calculate(text, _question(asked[key]), schema, answers)
        for key, text in spec.answers.items()
        if key in asked
    }


def _opener(spec: SubDossierSpec) -> Any:
    """Return what the wait begins with: one errand for each item, with the answers as they are now."""

    def begin(activation: Activation) -> None:
        at = Situation.of(activation)
        items = listed(spec.of, at)
        answers = _answers(spec, activation.flow_class.schema, at.answers)
        activation.task.data["items"] = items
        if spec.with_parent == "withdraw":
            _end_earlier(spec, activation, at)
        same = {"type": spec.type, "submitter": spec.submitter, "with_parent": spec.with_parent}
        for item in items:
            payload = {**same, "item": item, "answers": answers}
            at.turn.want(Errand(kind=OPEN_ERRAND, step=spec.id, task_id=activation.task.pk, payload=payload))

    return begin


def _open_ones(spec: SubDossierSpec, dossier: Dossier) -> QuerySet[SubDossier]:
    return SubDossier.objects.filter(parent=dossier, step=spec.id, child__state__in=Dossier.OPEN)


def _end_earlier(spec: SubDossierSpec, activation: Activation, at: Situation) -> None:
    """Have those withdrawn that an earlier run of the step opened at this place: the new ones replace them."""
    opened = _open_ones(spec, at.dossier).order_by().values("task_id")
    for task in activation.process.task_set.filter(pk__in=opened).order_by("pk"):
        if _place(task) == _place(activation.task):
            at.turn.want(Errand(kind=END_ERRAND, step=spec.id, task_id=task.pk, payload={}))


def _place(task: Any) -> list[str]:
    """Return the branches that a task lies in, whatever their round: `start/5_2` gives `["start", "2"]`."""
    return [part.rsplit("_", 1)[-1] for part in task.token.token.split("/")]


def _looker(spec: SubDossierSpec) -> Any:
    """Return how the wait stands; when it is over, the counts become answers."""

    def look(at: Situation, task: Any) -> Awaited:
        rows = SubDossier.objects.filter(task_id=task.pk)
        closed = list(rows.exclude(child__state__in=Dossier.OPEN).values_list("child__state", flat=True))
        # What could not be opened and is done without is not waited for.
        waived = Errand.objects.filter(
            dossier=at.dossier, task_id=task.pk, kind=OPEN_ERRAND, state=Errand.State.CANCELLED
        )
        coming = len(task.data["items"]) - waived.count()
        wanted = {"all": coming, "any": min(1, coming), "none": 0}
        if len(closed) < wanted[spec.wait_for]:
            return Awaited()
        at.dossier.answers = {
            **at.dossier.answers,
            f"{spec.id}_approved": closed.count(Dossier.State.APPROVED),
            f"{spec.id}_closed": len(closed),
        }
        return Awaited(outcome="over")

    return look


def _ender(spec: SubDossierSpec) -> Any:
    """Return what follows when nobody waits any more: linked dossiers are withdrawn, if the step says so."""

    def abandon(activation: Activation) -> None:
        if spec.with_parent == "withdraw" and activation.task.data.get("items"):
            current_turn().want(Errand(kind=END_ERRAND, step=spec.id, task_id=activation.task.pk, payload={}))

    return abandon
