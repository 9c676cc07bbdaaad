"""A paper made of a template, attached to the dossier (văn bản theo mẫu)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field
from viewflow.workflow.activation import Activation

from workflows.dossiers.api import (
    FILE_NAMES,
    Errand,
    Paper,
    PaperTemplate,
    PaperTemplateVersion,
    file_name,
    unknown_places,
)

from ..editor import Option
from ..findings import Finding
from ..graph import Graph, node_name, ref
from ..nodes import Act
from ..paper_data import paper_data
from ..registry import LintScope, RefusedError, Say, Step
from ..situation import Situation
from ..spec import HumanSpec, StepSpec
from ..waiting import Awaited, Wait
from .wait import counted_end

PAPER_ERRAND = "paper"


class PaperSpec(StepSpec):
    """Options: the template and its version, the name of the file, and whether the dossier waits for it."""

    kind: Literal["paper"] = "paper"
    template: str = Field(min_length=1, max_length=60)
    #: Filled in when the definition is published: the newest one, unless said.
    version: int | None = Field(default=None, ge=1)
    #: What is wanted; none named: what the template gives.
    formats: list[Literal["docx", "pdf"]] = Field(default_factory=list, max_length=2)
    file_name: str = Field(default="{title} {number}", min_length=1, max_length=150)
    #: Whether a second run makes the next version of the same paper; otherwise another attachment.
    replace: bool = False
    wait: bool = False
    #: Working days after which the flow goes on without the paper.
    at_most: int | float | None = Field(default=None, gt=0, le=365, multiple_of=0.5)

    editor: ClassVar[Mapping[str, Option]] = {
        "template": Option(gettext_lazy("Paper template"), picks="template", order=30),
        "version": Option(
            gettext_lazy("Version of the template"),
            gettext_lazy("Empty: the newest one when the type is published."),
            order=60,
            more=True,
        ),
        "formats": Option(
            gettext_lazy("Formats"),
            gettext_lazy("None: what the template gives."),
            choices={"docx": gettext_lazy("Word file"), "pdf": "PDF"},
            order=61,
            more=True,
        ),
        "file_name": Option(
            gettext_lazy("Name of the file"),
            gettext_lazy("{title}, {number} and keys of questions stand for their values."),
            order=31,
        ),
        "replace": Option(gettext_lazy("A second run makes the next version of the same paper"), order=32),
        "wait": Option(gettext_lazy("The dossier waits for the paper"), order=33),
        "at_most": Option(gettext_lazy("If it waits: working days after which it goes on without"), order=34),
    }


class PaperStep(Step[PaperSpec]):
    """Has a template filled in after the commit; the flow goes on at once, or waits for the paper."""

    code = "paper"
    title = gettext_lazy("Paper from a template")
    help = gettext_lazy("Fills in a Word or Typst template and attaches the paper to the dossier.")
    icon = "file-text"
    Spec = PaperSpec

    def brief(self, spec: PaperSpec, say: Say) -> str:
        """Say which template is filled in."""
        return spec.template

    def build(self, spec: PaperSpec, graph: Graph, after: str) -> str:
        """Add one node that asks for the paper."""

        def want(activation: Activation) -> None:
            _want(spec, activation)

        if not spec.wait:
            return graph.add(node_name(spec.id), Act(want).Next(ref(after)), spec)
        return graph.add(node_name(spec.id), Wait(_looker(spec), begin=want).on("over", ref(after)), spec)

    def pin(self, spec: PaperSpec) -> PaperSpec:
        """Name the newest version of the template, unless the definition names one."""
        newest = _versions(spec.template).order_by("-number").first() if spec.version is None else None
        return spec if newest is None else spec.model_copy(update={"version": newest.number})

    def lint(self, spec: PaperSpec, scope: LintScope) -> Iterator[Finding]:
        """Refuse a template that cannot be used, and names in it that this type does not have."""
        template = PaperTemplate.objects.filter(code=spec.template).first()
        if template is None:
            message = _("No paper template is called “%(code)s”. There are: %(known)s.")
            yield scope.finding("flows.E111", message % _known(spec), spec, at="template")
        else:
            yield from _lint_template(template, spec, scope)
        yield from _lint_file_name(spec, scope)
        if spec.at_most is not None and not spec.wait:
            message = _("“at_most” has no meaning for a step that does not wait.")
            yield scope.finding("flows.E118", message, spec, at="at_most")
        if spec.wait and spec.at_most is None:
            message = _("Without “at_most” the dossier waits until the paper can be made.")
            yield scope.finding("flows.W119", message, spec, at="at_most", level="warning")


def _known(spec: PaperSpec) -> dict[str, str]:
    codes = PaperTemplate.objects.filter(is_active=True).values_list("code", flat=True)
    return {"code": spec.template, "known": ", ".join(codes) or _("none")}


def _versions(code: str) -> Any:
    return PaperTemplateVersion.objects.filter(template__code=code)


def _lint_template(template: PaperTemplate, spec: PaperSpec, scope: LintScope) -> Iterator[Finding]:
    words: dict[str, Any] = {"code": spec.template, "version": spec.version, "gives": template.gives}
    if not template.is_active:
        message = _("The paper template “%(code)s” is switched off.")
        yield scope.finding("flows.E112", message % words, spec, at="template")
    wanted = _versions(spec.template).order_by("-number")
    version = (wanted if spec.version is None else wanted.filter(number=spec.version)).first()
    if version is None and spec.version is None:
        message = _("The paper template “%(code)s” has no file yet.")
        yield scope.finding("flows.E113", message % words, spec, at="template")
    elif version is None:
        message = _("The paper template “%(code)s” has no version %(version)s.")
        yield scope.finding("flows.E113", message % words, spec, at="version")
    if set(spec.formats) - {template.gives}:
        message = _("The paper template “%(code)s” gives %(gives)s and nothing else.")
        yield scope.finding("flows.E114", message % words, spec, at="formats")
    for name in _strangers(version.names, scope) if version is not None else ():
        message = _("The template uses “%(name)s”, which this type of dossier does not have.") % {
            "name": name
        }
        yield scope.finding("flows.E115", message, spec, at="template")


def _strangers(names: list[str], scope: LintScope) -> list[str]:
    """Return the variables of a template that this type has no question or step of people for."""
    keys = set(scope.schema.keys())
    people = {step for step, spec in scope.steps.items() if isinstance(spec, HumanSpec)}
    known = {"answers": keys, "values": keys, "spelled": keys, "labels": keys, "steps": people}
    found = []
    for name in names:
        head, *below = name.split(".")
        if head in known and below and below[0] not in known[head]:
            found.append(name)
    return found


def _lint_file_name(spec: PaperSpec, scope: LintScope) -> Iterator[Finding]:
    unknown = unknown_places(spec.file_name, scope.schema.keys())
    if unknown is None:
        message = _("The braces of the file name do not fit together.")
        yield scope.finding("flows.E116", message, spec, at="file_name")
    elif unknown:
        words = {"names": ", ".join(unknown), "known": ", ".join(FILE_NAMES)}
        message = _("The file name uses %(names)s. Known: %(known)s, and the keys of questions.") % words
        yield scope.finding("flows.E117", message, spec, at="file_name")


def _want(spec: PaperSpec, activation: Activation) -> None:
    """Ask for the paper, with all that it tells as things are now."""
    at = Situation.of(activation)
    version = spec.version or _newest_number(spec.template)
    data = paper_data(at)
    payload = {
        "template": spec.template,
        "version": version,
        "name": file_name(spec.file_name, _names(spec, data)),
        "replace": spec.replace,
        "item": "/".join(at.items),
        "data": data,
    }
    at.turn.want(Errand(kind=PAPER_ERRAND, step=spec.id, task_id=activation.task.pk, payload=payload))


def _newest_number(code: str) -> int:
    """Return the newest version of a template, for a definition that nobody has published. Raises `RefusedError`."""
    newest = _versions(code).order_by("-number").values_list("number", flat=True).first()
    if newest is None:
        raise RefusedError(_("The paper template “%(code)s” has no file yet.") % {"code": code})
    return int(newest)


def _names(spec: PaperSpec, data: Mapping[str, Any]) -> dict[str, str]:
    template = PaperTemplate.objects.filter(code=spec.template).values_list("title", flat=True).first()
    return {
        **data["answers"],
        "number": data["dossier"]["number"],
        "subject": data["dossier"]["subject"],
        "type": data["dossier"]["type"],
        "unit": data["unit"]["name"],
        "date": data["today"]["text"],
        "title": template or spec.template,
    }


def _looker(spec: PaperSpec) -> Any:
    """Return how the wait stands: over when its paper is there, or somebody said that it goes without."""

    def look(at: Situation, task: Any) -> Awaited:
        wanted = Errand.objects.filter(dossier=at.dossier, task_id=task.pk, kind=PAPER_ERRAND)
        if Paper.objects.filter(task_id=task.pk).exists() or wanted.filter(state="cancelled").exists():
            return Awaited(outcome="over")
        if spec.at_most is None:
            return Awaited()
        return Awaited(until=counted_end(spec, task, at, spec.at_most), at_end="late", counted=True)

    return look
