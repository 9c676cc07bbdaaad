"""The kinds of step that exist: what each can do, how it is built, and what it has to say."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from django.utils.functional import Promise

from home.forms.api import Field, FormSchema, localized
from home.people.api import User
from plugins.api.api import Registry

from .findings import Finding
from .graph import Graph
from .situation import Situation
from .spec import Branch, StepSpec

if TYPE_CHECKING:
    from viewflow.workflow.models import Task

    from .blocks.compound import GroupPart
    from .blocks.derive import Deeper
    from .lists import ItemList
    from .turn import Turn
    from .who import Rule

S = TypeVar("S", bound=StepSpec)

#: The branches around a step: the id of each parallel block and the number of the branch in it, the outermost first.
Path = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Outcome:
    """One way to end a human step.

    `tone` is `positive`, `neutral` or `negative`; `vote` is how it counts in a parallel block (None: it does not);
    `note_required` asks for a reason. `targets` are the steps that it may go back to (`rework` is the submitter).
    """

    code: str
    label: str | Promise
    tone: str = "positive"
    vote: bool | None = None
    note_required: bool = False
    targets: tuple[str, ...] = ()


class Say(Protocol):
    """Says codes of a definition by their names; `workflows.definitions` knows them."""

    def name(self, kind: str, code: str) -> str:
        """Return what a `department`, `position`, `person`, `step` or `question` is called."""

    def rule(self, rule: Rule) -> str:
        """Say who acts."""

    def items(self, items: ItemList) -> str:
        """Say for whom a block runs."""

    def condition(self, expression: str) -> str:
        """Say a condition (CEL)."""


@dataclass(frozen=True)
class Deed:
    """One decision while it is carried out; `extra` is what the actor gave beside outcome and note (see `ask`)."""

    task: Task
    turn: Turn
    outcome: Outcome
    extra: Mapping[str, Any]

    @property
    def at(self) -> Situation:
        """Where the step stands."""
        return Situation(self.turn, self.task.process, self.task.token.token)


@dataclass
class LintScope:
    """What a step may ask while it is checked: the questions that exist and where the step stands.

    `step` is its id; `steps` are all steps of the definition by id, `earlier` the ids of those that may have run before
    this one, `sure` of those that have run whenever this one begins; `paths` are the branches around each step; `days`
    what the whole dossier may take.
    """

    schema: FormSchema
    place: str
    step: str = ""
    in_parallel: bool = False
    steps: Mapping[str, StepSpec] = field(default_factory=dict)
    earlier: Sequence[str] = ()
    sure: Collection[str] = ()
    paths: Mapping[str, Path] = field(default_factory=dict)
    days: float | None = None

    def finding(
        self, code: str, message: str, spec: StepSpec, *, at: str = "", level: str = "error"
    ) -> Finding:
        """Return a finding on `spec`, at one of its keys."""
        return Finding(code, message, f"{self.place}.{at}" if at else self.place, spec.id, level)


class RefusedError(Exception):
    """A kind of step does not accept what was given; `message` is in the reader's language."""

    def __init__(self, message: str, field: str = "") -> None:
        self.message, self.field = message, field
        super().__init__(message)


class Step(ABC, Generic[S]):
    """One kind of step (BPMN activity or gateway). Subclass, set `code` and register an instance to add one."""

    code: ClassVar[str] = ""
    title: ClassVar[str | Promise]
    help: ClassVar[str | Promise] = ""
    icon: ClassVar[str] = "square"
    #: The options, as a pydantic model.
    Spec: ClassVar[type[StepSpec]]
    #: Whether a person carries it out.
    human: ClassVar[bool] = False
    #: Whether its branches run at the same time.
    parallel: ClassVar[bool] = False
    #: Whether it is done by itself and its branches are further ways out of it, beside the one straight on.
    forks: ClassVar[bool] = False
    #: Whether only the compiler makes such steps.
    generated: ClassVar[bool] = False
    #: One of Wagtail's icons, for the editor; its group there follows from what the kind is.
    admin_icon: ClassVar[str] = "cog"

    @abstractmethod
    def build(self, spec: S, graph: Graph, after: str) -> str:
        """Add the step's nodes to the graph and return the node to enter by, which is always `node_name(spec.id)`."""

    def block(self, deeper: Deeper) -> GroupPart:
        """Return the part of the editor in which the options are set; it is derived from them.

        `deeper` makes the part of the steps of a branch, and is None where branches may nest no deeper.
        """
        from .blocks.kind import kind_part

        return kind_part(self, deeper)

    def branches(self, spec: S) -> Sequence[Branch]:
        """Return the branches of a block; a plain step has none."""
        return ()

    def block_words(self, spec: S) -> str:
        """Say in a few words how a block decides; a plain step says nothing."""
        return ""

    def branch_words(self, spec: S, index: int) -> str:
        """Say in a few words what a branch is for."""
        return localized(self.branches(spec)[index].title)

    def brief(self, spec: S, say: Say) -> str:
        """Say in a few words what the step asks or does, as a diagram shows it below the title; may be empty."""
        return ""

    def way_words(self, spec: S, index: int, say: Say) -> str:
        """Say what a branch is for, as `branch_words` does, with names instead of codes."""
        return self.branch_words(spec, index)

    def outcomes(self, spec: S) -> Sequence[Outcome]:
        """Return the ways to end a human step."""
        return ()

    def form(self, spec: S) -> FormSchema | None:
        """Return the questions that a human step asks, if any."""
        return None

    def asks(self, spec: S, questions: FormSchema) -> FormSchema | None:
        """Return all that the step asks, questions of other parts of the definition that it asks again included."""
        return self.form(spec)

    def provides(self, spec: S) -> Sequence[Field]:
        """Return the questions that the step answers by itself (a number, a calculated value)."""
        return ()

    def ask(self, spec: S, at: Situation, by: User) -> FormSchema | None:
        """Return what a decision asks `by` beside the note; it is not an answer of the dossier."""
        return None

    def take(self, spec: S, deed: Deed) -> None:
        """Check and write what `ask` asked, within the turn and before the flow goes on.

        Raises `RefusedError` with words for the actor when it cannot be accepted; then nothing has changed.
        """

    def dropped(self, spec: S, turn: Turn) -> None:
        """Do what follows when a dossier ends rejected or withdrawn, wherever it stood; called within that turn."""

    def pin(self, spec: S) -> S:
        """Return the options as a published version keeps them: what they leave to “the newest” is named."""
        return spec

    def lint(self, spec: S, scope: LintScope) -> Iterator[Finding]:
        """Yield what is wrong with this step."""
        yield from ()


steps: Registry[Step] = Registry(Step, module="flow_steps", noun="step kind")


def walk(
    specs: Sequence[StepSpec], place: str = "flow.steps", depth: int = 0
) -> Iterator[tuple[StepSpec, str, int]]:
    """Yield every step with its place and the number of parallel blocks around it, in the order of the definition."""
    for index, spec in enumerate(specs):
        here = f"{place}[{index}]"
        yield spec, here, depth
        kind = steps.get(spec.kind)
        inner = depth + 1 if kind.parallel else depth
        for number, branch in enumerate(kind.branches(spec)):
            yield from walk(branch.steps, f"{here}.branches[{number}].steps", inner)


def block_paths(specs: Sequence[StepSpec], around: Path = ()) -> dict[str, Path]:
    """Return the branches of parallel blocks around each step, the outermost first: what tokens can tell apart."""
    found: dict[str, Path] = {}
    for spec in specs:
        found[spec.id] = around
        kind = steps.get(spec.kind)
        for number, branch in enumerate(kind.branches(spec)):
            inner = (*around, (spec.id, number)) if kind.parallel else around
            found |= block_paths(branch.steps, inner)
    return found


def offered() -> list[Step]:
    """Return the kinds that a definition may use."""
    return [step for step in steps if not step.generated]
