"""The kinds of step that exist: what each can do, how it is built, and what it has to say."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from django.utils.functional import Promise

from home.forms.api import FormSchema, localized
from plugins.api.api import Registry

from .findings import Finding
from .graph import Graph
from .spec import Branch, StepSpec

S = TypeVar("S", bound=StepSpec)


@dataclass(frozen=True)
class Outcome:
    """One way to end a human step.

    `tone` is `positive`, `neutral` or `negative`; `vote` is how it counts in a parallel block (None: it does not);
    `note_required` asks for a reason.
    """

    code: str
    label: str | Promise
    tone: str = "positive"
    vote: bool | None = None
    note_required: bool = False


@dataclass
class LintScope:
    """What a step may ask while it is checked: the questions that exist and where the step stands."""

    schema: FormSchema
    place: str
    in_parallel: bool = False

    def finding(
        self, code: str, message: str, spec: StepSpec, *, at: str = "", level: str = "error"
    ) -> Finding:
        """Return a finding on `spec`, at one of its keys."""
        return Finding(code, message, f"{self.place}.{at}" if at else self.place, spec.id, level)


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
    #: Whether only the compiler makes such steps.
    generated: ClassVar[bool] = False

    @abstractmethod
    def build(self, spec: S, graph: Graph, after: str) -> str:
        """Add the step's nodes to the graph and return the name of the node to enter by."""

    def branches(self, spec: S) -> Sequence[Branch]:
        """Return the branches of a block; a plain step has none."""
        return ()

    def block_words(self, spec: S) -> str:
        """Say in a few words how a block decides; a plain step says nothing."""
        return ""

    def branch_words(self, spec: S, index: int) -> str:
        """Say in a few words what a branch is for."""
        return localized(self.branches(spec)[index].title)

    def outcomes(self, spec: S) -> Sequence[Outcome]:
        """Return the ways to end a human step."""
        return ()

    def form(self, spec: S) -> FormSchema | None:
        """Return the questions that a human step asks, if any."""
        return None

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


def offered() -> list[Step]:
    """Return the kinds that a definition may use."""
    return [step for step in steps if not step.generated]
