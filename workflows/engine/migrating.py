"""Moving running dossiers to another version of their type, on purpose: first a look, then one by one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from viewflow.workflow.models import Process, Task

from home.forms.api import localized, missing_answers
from home.people.api import User, is_office_admin
from workflows.definitions.api import Definition, definition_of
from workflows.dossiers.api import Dossier, FlowVersion
from workflows.steps.api import HumanSpec, StepSpec, steps

from . import compiled
from .at_hand import open_tasks_of
from .carrying import carry_timers, look_again, rename_steps, set_clocks
from .errors import EngineError, InvalidActError, NotVisibleError, faults_of_flow
from .lock import exclusive, lock_process
from .models import DossierProcess
from .timers import shift_timers
from .turns import turn_of

logger = logging.getLogger(__name__)

#: Steps by id in the version that a dossier leaves, and what they are called in the one that it moves to.
Renamed = Mapping[str, str]


@dataclass(frozen=True)
class Move:
    """What becomes of one dossier: it moves from its open steps to others, or `reason` says why it cannot."""

    dossier_id: int
    number: str
    version: int
    steps: tuple[tuple[str, str], ...] = ()
    reason: str = ""

    @property
    def moves(self) -> bool:
        """Whether the dossier can be moved, or was."""
        return not self.reason


@dataclass(frozen=True)
class Place:
    """One node of a flow: the step, and the generated part of it (`join`, `route`, or empty)."""

    step: str
    part: str

    @classmethod
    def of(cls, reference: str) -> Place:
        """Read `engine/compiled.V1_ab.n_sign__join_`."""
        name = reference.rsplit(".", 1)[1].removeprefix("n_").removesuffix("_")
        step, _sep, part = name.partition("__")
        return cls(step, part)

    def name(self, renamed: Renamed) -> str:
        """Return the name of the node in the other version."""
        step = renamed.get(self.step, self.step)
        return f"n_{step}__{self.part}_" if self.part else f"n_{step}_"


class _CannotMoveError(EngineError):
    """Why one dossier stays where it is, in words."""


def check_mapping(source: Definition, target: Definition, renamed: Renamed) -> None:
    """Refuse a mapping that names steps which do not exist. Raises `InvalidActError`."""
    for old, new in renamed.items():
        if old not in source.steps_by_id:
            raise InvalidActError(_("The old version has no step “%(step)s”.") % {"step": old}, "mapping")
        if new not in target.steps_by_id:
            raise InvalidActError(_("The new version has no step “%(step)s”.") % {"step": new}, "mapping")


def plan_migration(
    source: FlowVersion, target: FlowVersion, renamed: Renamed | None = None
) -> Iterator[Move]:
    """Yield what would become of every open dossier of `source`; nothing is changed (dry run).

    `renamed` maps ids of steps that are called otherwise in `target`; all others keep theirs.
    """
    renamed = renamed or {}
    _check(source, target, renamed)
    for dossier in _open_dossiers(source):
        yield _try(dossier, partial(_look, dossier, target, renamed))


def migrate(
    source: FlowVersion,
    target: FlowVersion,
    renamed: Renamed | None = None,
    *,
    by: User,
    new_clocks: bool = False,
    reason: str = "",
    may: Callable[[User], bool] = is_office_admin,
) -> Iterator[Move]:
    """Move every open dossier of `source` that can be moved and yield each outcome.

    Each dossier moves in a transaction of its own; one that cannot stays on its version and keeps nobody else.
    Due dates stay unless `new_clocks` asks for those of the new version. Raises `NotVisibleError` for whom `may`
    refuses: all but the administrators of the office, unless the caller knows who else answers for the type.
    """
    renamed = renamed or {}
    if not may(by):
        raise NotVisibleError
    _check(source, target, renamed)
    for dossier in _open_dossiers(source):
        migration = _Migration(target, renamed, by, new_clocks, reason)
        yield _try(dossier, partial(migration.run, dossier.pk, source))


def _check(source: FlowVersion, target: FlowVersion, renamed: Renamed) -> None:
    if source.type_id != target.type_id:
        raise InvalidActError(_("Both versions must be of the same type."), "target")
    if source.pk == target.pk:
        raise InvalidActError(_("The dossiers are on this version already."), "target")
    check_mapping(definition_of(source), definition_of(target), renamed)


def _open_dossiers(source: FlowVersion) -> Iterator[Dossier]:
    rows = Dossier.objects.filter(version=source, state__in=Dossier.OPEN).order_by("pk")
    return rows.select_related("version").defer("version__definition").iterator(chunk_size=500)


def _try(dossier: Dossier, act: Callable[[], Move]) -> Move:
    try:
        return act()
    except _CannotMoveError as error:
        reason = str(error)
    except InvalidActError as error:
        reason = error.message
    except EngineError as error:
        reason = _("It is in use at this moment; try again (%(error)s).") % {"error": type(error).__name__}
    except Exception:
        logger.exception("Dossier %s cannot be moved", dossier.number)
        reason = _("It cannot be moved; the log of the server says why.")
    return Move(dossier.pk, dossier.number, dossier.version.number, reason=reason)


def _look(dossier: Dossier, target: FlowVersion, renamed: Renamed) -> Move:
    process = DossierProcess.objects.filter(dossier=dossier).latest("pk")
    return _move_of(dossier, process, target, renamed)


def _move_of(dossier: Dossier, process: DossierProcess, target: FlowVersion, renamed: Renamed) -> Move:
    """Return how a dossier would move. Raises `_CannotMoveError`."""
    old, new = definition_of(dossier.version), definition_of(target)
    _check_answers(dossier, old, new)
    for reference in _open_nodes(process):
        _check_place(Place.of(reference), old, new, renamed)
    _check_holders(dossier, new, renamed)
    places = tuple((step, renamed.get(step, step)) for step in dict.fromkeys(dossier.open_steps))
    return Move(dossier.pk, dossier.number, target.number, places)


def _open_nodes(process: DossierProcess) -> list[str]:
    """Return the references of the nodes where a process stands; it may wait in a block for its join as well."""
    tasks = Task.objects.filter(process=process.pk, finished__isnull=True)
    return list(_with_node(tasks).order_by("pk").values_list("node", flat=True))


def _with_node(tasks: Any) -> Any:
    """Read references as text: viewflow's field hides what it cannot find."""
    return tasks.annotate(node=Cast("flow_task", CharField()))


def _check_place(place: Place, old: Definition, new: Definition, renamed: Renamed) -> None:
    before, name = old.steps_by_id[place.step], renamed.get(place.step, place.step)
    after = new.steps_by_id.get(name)
    words = {"step": localized(before.title)}
    if after is None:
        raise _CannotMoveError(_("It stands at “%(step)s”, which the new version does not have.") % words)
    if not _same_nature(before, after):
        raise _CannotMoveError(_("It stands at “%(step)s”, which is another kind of step now.") % words)
    if _path(old, place.step, renamed) != new.paths[name]:
        raise _CannotMoveError(_("It stands at “%(step)s”, which lies in another block now.") % words)
    for block, _branch in old.paths[place.step]:
        _check_block(old.steps_by_id[block], new.steps_by_id[renamed.get(block, block)])
    if steps.get(before.kind).parallel:
        _check_block(before, after)
    if before.kind == "sub_dossier" and getattr(before, "type", "") != getattr(after, "type", ""):
        raise _CannotMoveError(_("It waits at “%(step)s” for linked dossiers of another type.") % words)


def _check_holders(dossier: Dossier, new: Definition, renamed: Renamed) -> None:
    """Refuse what would leave a judgement to the submitter, who may not give it."""
    for node in _with_node(open_tasks_of(dossier).filter(owner=dossier.submitter_id)).values_list(
        "node", flat=True
    ):
        step = Place.of(node).step
        after = new.steps_by_id[renamed.get(step, step)]
        if isinstance(after, HumanSpec) and _judges(after) and not after.own_dossier:
            words = {"step": localized(after.title)}
            raise _CannotMoveError(_("The submitter has “%(step)s” and may not decide there.") % words)


def _judges(spec: HumanSpec) -> bool:
    return bool(getattr(steps.get(spec.kind), "decides", False))


def place_trouble(place: Place, old: Definition, new: Definition, renamed: Renamed | None = None) -> str:
    """Say why a dossier that stands at a place could not go over to another definition; empty when it could."""
    try:
        _check_place(place, old, new, renamed or {})
    except _CannotMoveError as error:
        return str(error)
    return ""


def questions_trouble(old: Definition, new: Definition) -> str:
    """Say why no dossier could go over, whatever its answers: a question is of another kind now."""
    kinds = {field.key: field.kind for field in old.questions.fields()}
    for field in new.questions.fields():
        if kinds.get(field.key, field.kind) != field.kind:
            words = {"question": localized(field.label)}
            return _("The question “%(question)s” is of another kind now.") % words
    return ""


def _path(old: Definition, step: str, renamed: Renamed) -> tuple[tuple[str, int], ...]:
    return tuple((renamed.get(block, block), branch) for block, branch in old.paths[step])


def _same_nature(before: StepSpec, after: StepSpec) -> bool:
    """Tell whether an open task of one step can be a task of the other: both people's, or of the very same kind."""
    if isinstance(before, HumanSpec) and isinstance(after, HumanSpec):
        return True
    return before.kind == after.kind


def _check_block(before: StepSpec, after: StepSpec) -> None:
    """Votes are kept by branch: a block that a dossier is in must have the same branches."""
    one, other = (steps.get(spec.kind).branches(spec) for spec in (before, after))
    if before.kind != after.kind or len(one) != len(other):
        words = {"step": localized(before.title)}
        raise _CannotMoveError(_("It is inside “%(step)s”, which has other branches now.") % words)


def _check_answers(dossier: Dossier, old: Definition, new: Definition) -> None:
    """Refuse answers that would no longer fit, and required questions of the form that nobody has answered."""
    if trouble := questions_trouble(old, new):
        raise _CannotMoveError(trouble)
    kinds = {field.key for field in old.questions.fields()}
    for field in missing_answers(new.form, dossier.answers):
        if field.key not in kinds:
            words = {"question": localized(field.label)}
            raise _CannotMoveError(_("The new question “%(question)s” must be answered first.") % words)


@dataclass(frozen=True)
class _Migration:
    """One dossier on its way to another version."""

    target: FlowVersion
    renamed: Renamed
    by: User
    new_clocks: bool
    reason: str

    def run(self, dossier_id: int, source: FlowVersion) -> Move:
        with exclusive():
            lock_process(Process.objects.filter(dossierprocess__dossier=dossier_id).order_by("-pk"))
            process = DossierProcess.objects.filter(dossier=dossier_id).select_related(
                "dossier__version", "dossier__submitter", "dossier__department"
            )
            found = process.latest("pk")
            dossier = found.dossier
            if dossier.version_id != source.pk or not dossier.is_open:
                raise _CannotMoveError(_("It was closed or moved in the meantime."))
            move = _move_of(dossier, found, self.target, self.renamed)
            with turn_of(dossier, by=self.by) as turn:
                turn.keep_state()
                turn.log(
                    "dossier.migrated",
                    before=source.number,
                    now=self.target.number,
                    steps=[f"{old} → {new}" for old, new in move.steps if old != new],
                    note=self.reason,
                )
                specs = _specs_of(found, definition_of(source))
                self._rename(found)
                rename_steps(dossier, self.renamed)
                self._carry(dossier, found, specs, definition_of(source))
                with faults_of_flow():
                    look_again(turn, found)
        return move

    def _rename(self, process: DossierProcess) -> None:
        """Let every task of the process refer to the new flow; steps that are gone stay readable in the old one."""
        flow = getattr(compiled, self.target.class_name)
        for task in _with_node(Task.objects.filter(process=process.pk).defer("flow_task")):
            name = Place.of(task.node).name(self.renamed)
            if flow.instance.node(name, no_obsolete=True) is not None:
                reference = f"engine/compiled.{self.target.class_name}.{name}"
                Task.objects.filter(pk=task.pk).update(flow_task=reference)

    def _carry(
        self, dossier: Dossier, process: DossierProcess, specs: Mapping[int, StepSpec], old: Definition
    ) -> None:
        """Carry version, open steps, ways back, timers and, if wanted, due dates over."""
        new = definition_of(self.target)
        back = process.data.get("back", {})
        rename = self.renamed.get
        process.data["back"] = {
            token: {rename(key, key): rename(step, step) for key, step in ways.items()}
            for token, ways in back.items()
        }
        process.flow_class = getattr(compiled, self.target.class_name)
        process.version = dossier.version = self.target
        process.save(update_fields=["data", "flow_class", "version"])
        dossier.open_steps = [rename(step, step) for step in dossier.open_steps]
        if self.new_clocks:
            set_clocks(dossier, process, new)
        dossier.save(update_fields=["version", "due_at"])
        carry_timers(old, new, dossier=dossier)
        for task in open_tasks_of(dossier):
            before, after = specs[task.pk], task.flow_task.spec
            if isinstance(before, HumanSpec) and isinstance(after, HumanSpec):
                carry_timers(before, after, task=task)
        shift_timers(dossier)


def _specs_of(process: DossierProcess, old: Definition) -> dict[int, StepSpec]:
    """Return the step of every unfinished task by key, as the version says that the dossier leaves."""
    tasks = _with_node(Task.objects.filter(process=process.pk, finished__isnull=True))
    return {pk: old.steps_by_id[Place.of(node).step] for pk, node in tasks.values_list("pk", "node")}
