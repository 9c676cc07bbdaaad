"""A flow in the elements of BPMN 2.0: which element stands for which step, and how they are placed.

`docs/reference/bpmn.md` says what BPMN cannot say and where it is written instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from home.forms.api import localized
from workflows.definitions.api import Definition, Names
from workflows.engine.api import Cell, Fork, Lane, Piece, part_of, wrapped
from workflows.steps.api import BlockSpec, EachSpec, HumanSpec, Step, StepSpec, WaitSpec, steps

#: Sizes as usual in tools for BPMN; a gateway or event has room for its name on both sides, so it stays in the middle.
TASK, EVENT, GATEWAY, NAME_ROOM = (180.0, 80.0), (36.0, 36.0), (50.0, 50.0), 150.0
LETTERS, LINE = 12.0, 15.0

USER, SERVICE, SEND, CALL, SUB = "userTask", "serviceTask", "sendTask", "callActivity", "subProcess"
EXCLUSIVE, PARALLEL, COMPLEX, BY_EVENT = (
    "exclusiveGateway",
    "parallelGateway",
    "complexGateway",
    "eventBasedGateway",
)
CATCH, BEGIN, FINISH = "intermediateCatchEvent", "startEvent", "endEvent"
_AUTOMATIC = {"notify": SEND, "sub_dossier": CALL}


@dataclass(frozen=True)
class Node:
    """One element: its tag, id (an NCName), name and notes.

    `inside` is the id of the sub-process around it; `event` says what an event waits for: (`timer` or `condition`,
    expression); `many` whether it runs for several (`parallel`, `sequence`); `of` is what a call or owner refers to.
    """

    tag: str
    id: str
    name: str = ""
    notes: tuple[str, ...] = ()
    inside: str = ""
    event: tuple[str, str] | None = None
    many: str = ""
    of: str = ""


@dataclass(frozen=True)
class Way:
    """What is said of a sequence flow: its name, and the condition (CEL) or that it is the default."""

    name: str = ""
    condition: str = ""
    default: bool = False


@dataclass
class Model:
    """All elements by id, what is said of flows by the key of their label, and the pieces to be placed."""

    nodes: dict[str, Node] = field(default_factory=dict)
    ways: dict[str, Way] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)


def model_of(definition: Definition) -> Model:
    """Return the elements of a flow. At most three queries, for names."""
    maker = _Maker(Names.of(definition.canonical()))
    begin = maker.event(Node(BEGIN, "start", _("Start")))
    finish = maker.event(Node(FINISH, "done", _("End")))
    maker.model.pieces = [begin, *maker.sequence(definition.flow.steps, ""), finish]
    return maker.model


class _Maker:
    """Turns steps into nodes and pieces."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.model = Model()

    # --- cells -----------------------------------------------------------------------------------------------

    def task(self, node: Node) -> Cell:
        self.model.nodes[node.id] = node
        lines = len(wrapped(node.name, LETTERS, TASK[0] - 20, 10))
        return Cell(node.id, TASK[0], max(TASK[1], 2 * ((lines + 2) * LINE // 2)))

    def event(self, node: Node) -> Cell:
        return self._named(node, EVENT)

    def gateway(self, node: Node) -> Cell:
        return self._named(node, GATEWAY)

    def _named(self, node: Node, size: tuple[float, float]) -> Cell:
        self.model.nodes[node.id] = node
        room = 2 * NAME_ROOM if node.name else 0
        lines = len(wrapped(node.name, LETTERS, NAME_ROOM - 10, 10))
        return Cell(node.id, size[0] + room, max(size[1], lines * LINE))

    def label(self, key: str, way: Way) -> Cell:
        self.model.ways[key] = way
        lines = wrapped(way.name, LETTERS, NAME_ROOM, 8)
        return Cell(key, NAME_ROOM + 10, max(1, len(lines)) * LINE + 4)

    # --- steps -----------------------------------------------------------------------------------------------

    def sequence(self, specs: Sequence[StepSpec], inside: str) -> list[Piece]:
        return [piece for spec in specs for piece in self.step(spec, inside)]

    def step(self, spec: StepSpec, inside: str) -> list[Piece]:
        kind = steps.get(spec.kind)
        if isinstance(spec, EachSpec):
            return [self.each(spec, inside)]
        if isinstance(spec, BlockSpec):
            return [self.block(spec, kind, inside)]
        if isinstance(spec, WaitSpec):
            return [self.wait(spec, kind, inside)]
        if kind.branches(spec) and not kind.forks:
            return [self.choice(spec, kind, inside)]
        cell = self.task(self.task_node(spec, kind, inside))
        if not kind.branches(spec):
            return [cell]
        return [cell, self.outcomes(spec, kind, inside)]

    def task_node(self, spec: StepSpec, kind: Step, inside: str) -> Node:
        human = isinstance(spec, HumanSpec)
        return Node(
            tag=USER if human else _AUTOMATIC.get(spec.kind, SERVICE),
            id=_id(spec.id),
            name=localized(spec.title),
            notes=tuple(_notes(spec, kind, self.names)),
            inside=inside,
            many=_many(spec),
            of=self.names.rule(spec.who) if isinstance(spec, HumanSpec) else str(getattr(spec, "type", "")),
        )

    def lane(self, spec: StepSpec, index: int, way: Way, inside: str) -> Lane:
        branch = steps.get(spec.kind).branches(spec)[index]
        label = self.label(f"{_id(spec.id)}_way_{index}", way)
        return Lane(tuple(self.sequence(branch.steps, inside)), label)

    def outcomes(self, spec: StepSpec, kind: Step, inside: str) -> Fork:
        """Let a gateway follow a decision that has outcomes with steps of their own."""
        usual = [str(outcome.label) for outcome in kind.outcomes(spec)[:1]]
        straight = Lane((), self.label(f"{_id(spec.id)}_way", Way("".join(usual), default=True)))
        lanes = [
            self.lane(spec, index, Way(kind.branch_words(spec, index)), inside)
            for index, _branch in enumerate(kind.branches(spec))
        ]
        return self.fork(spec, EXCLUSIVE, EXCLUSIVE, "", (straight, *lanes), inside)

    def choice(self, spec: StepSpec, kind: Step, inside: str) -> Fork:
        lanes = []
        for index, branch in enumerate(kind.branches(spec)):
            words = kind.way_words(spec, index, self.names)
            title = localized(branch.title)
            otherwise = bool(getattr(branch, "otherwise", False)) or _is_else(spec, index)
            way = Way(title or words, _condition(spec, index), otherwise)
            lanes.append(self.lane(spec, index, way, inside))
        return self.fork(spec, EXCLUSIVE, EXCLUSIVE, localized(spec.title), tuple(lanes), inside)

    def block(self, spec: BlockSpec, kind: Step, inside: str) -> Fork:
        """Open all branches; where fewer than all may agree the join is a complex gateway."""
        lanes = tuple(
            self.lane(spec, index, Way(kind.branch_words(spec, index)), inside)
            for index, _branch in enumerate(kind.branches(spec))
        )
        join = PARALLEL if spec.rule == "all" and not spec.veto else COMPLEX
        notes = tuple(_notes(spec, kind, self.names))
        return self.fork(spec, PARALLEL, join, localized(spec.title), lanes, inside, notes=notes)

    def fork(
        self,
        spec: StepSpec,
        opens: str,
        closes: str,
        name: str,
        lanes: tuple[Lane, ...],
        inside: str,
        *,
        notes: tuple[str, ...] = (),
    ) -> Fork:
        """Return a gateway that opens lanes, and the one that closes them."""
        head = self.gateway(Node(opens, f"{_id(spec.id)}_split", name, notes or _help(spec), inside))
        words = notes[0] if notes and closes == COMPLEX else ""
        foot = self.gateway(Node(closes, f"{_id(spec.id)}_join", words, (), inside))
        return Fork(head, lanes, foot)

    def each(self, spec: EachSpec, inside: str) -> Fork:
        """Put what runs for each into a sub-process with several instances."""
        kind, own = steps.get(spec.kind), _id(spec.id)
        notes = (kind.way_words(spec, 0, self.names), *_notes(spec, kind, self.names))
        self.model.nodes[own] = Node(SUB, own, localized(spec.title), notes, inside, many=spec.order)
        head = self.event(Node(BEGIN, f"{own}_start", "", (), own))
        foot = self.event(Node(FINISH, f"{own}_end", "", (), own))
        lane = Lane(tuple(self.sequence(spec.branches[0].steps, own)))
        return Fork(head, (lane,), foot, frame=own, closed=True)

    def wait(self, spec: WaitSpec, kind: Step, inside: str) -> Piece:
        name, notes = localized(spec.title), tuple(_notes(spec, kind, self.names))
        over = Node(CATCH, _id(spec.id), name, notes, inside, event=_awaited(spec))
        if spec.at_most is None:
            return self.event(over)
        late = Node(CATCH, f"{_id(spec.id)}_late", "", (), inside, event=("timer", f"P{spec.at_most:g}D"))
        words = kind.branch_words(spec, 0) if spec.branches else _("longest wait")
        then = self.sequence(spec.branches[0].steps, inside) if spec.branches else []
        lanes = (
            Lane((self.event(over),)),
            Lane((self.event(late), *then), self.label(f"{_id(spec.id)}_way", Way(words))),
        )
        return self.fork(spec, BY_EVENT, EXCLUSIVE, "", lanes, inside)


def _id(step_id: str) -> str:
    return f"step_{step_id}"


def _many(spec: StepSpec) -> str:
    return "parallel" if spec.kind == "sub_dossier" else ""


def _help(spec: StepSpec) -> tuple[str, ...]:
    return tuple(filter(None, [localized(spec.help)]))


def _notes(spec: StepSpec, kind: Step, names: Names) -> list[str]:
    """Say what has no place in BPMN: who acts and until when, how a block decides, where a return may lead."""
    part = part_of(spec, names, (), place="")
    words = [*part.notes, *part.marks]
    if isinstance(spec, HumanSpec):
        words.append(_("Otherwise: %(who)s") % {"who": names.rule(spec.fallback)})
    return list(filter(None, [*_help(spec), *words]))


def _condition(spec: StepSpec, index: int) -> str:
    """Return the condition of a branch in CEL; of a decision table, that of all rows that lead to it."""
    branch = steps.get(spec.kind).branches(spec)[index]
    table, number_of = getattr(spec, "table", None), getattr(spec, "number_of", None)
    if table is None or number_of is None:
        return str(getattr(branch, "when", ""))
    rows = [table.condition(row) for row in table.rows if number_of(row.go) == index]
    return " || ".join(f"({row})" for row in rows)


def _is_else(spec: StepSpec, index: int) -> bool:
    table, number_of = getattr(spec, "table", None), getattr(spec, "number_of", None)
    return table is not None and number_of is not None and number_of(table.otherwise) == index


def _awaited(spec: WaitSpec) -> tuple[str, str]:
    """Return what is waited for: a duration or date (ISO 8601, or the key of the answer), or a condition (CEL)."""
    if spec.when.strip():
        return "condition", spec.when
    if spec.until:
        return "date", spec.until
    return "timer", f"P{spec.days:g}D" if spec.days is not None else f"PT{spec.hours or 0:g}H"
