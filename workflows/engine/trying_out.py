"""Trying a flow out: the real engine walks it with a sample, and nothing of it remains."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from home.forms.api import FormSchema, kind_of
from home.people.api import User
from workflows.definitions.api import Definition, errors, lint
from workflows.dossiers.api import Dossier, FlowVersion, Rehearsal
from workflows.steps.api import Assignment, Outcome, Situation, Turn, WaitSpec, steps

from .errors import BusyError, ConflictError, EngineError, FaultError, InvalidActError, NotVisibleError
from .firing import fire
from .models import DossierProcess, Timer
from .observing import Observer
from .opening import open_dossier
from .publish_checks import compiles
from .runtime import decide
from .samples import LATE, Sample, SampleAct, filled
from .stage import staged
from .trial import Trial, TrialStep
from .waking import wake

logger = logging.getLogger(__name__)

#: The walk stops after so many acts, so many visits to one step, and so many seconds.
MAX_ACTS = 200
MAX_VISITS = 8
MAX_SECONDS = 5.0


def play(definition: Definition, sample: Sample) -> Trial:
    """Walk a definition with a sample and return all that would happen; nothing is stored, sent or called.

    The engine itself runs, in a transaction that is rolled back. At each step acts who would have it, of a pool the
    first one. A definition with errors is not walked: the findings say what to mend. Never raises for what a definition
    or a sample says; what keeps the dossier is told in `stopped`.
    """
    found = [*lint(definition)]
    if not errors(found):
        found += compiles(definition)
    trial = Trial(findings=found, submitter=str(sample.submitter))
    if errors(found):
        trial.stopped = _("The flow has errors. Mend them first.")
        return trial
    try:
        with staged(definition) as (version, rehearsal):
            _Walk(definition, sample, trial, version, rehearsal).run()
    except DatabaseError:
        logger.exception("A try-out of %s broke off", definition.code)
        trial.broken_off = True
        trial.stopped = _("The database was too busy for the try-out. Try again.")
    return trial


class _StopError(Exception):
    """The walk goes no further; the message says why."""


class _Walk:
    """One walk, within its transaction."""

    def __init__(
        self,
        definition: Definition,
        sample: Sample,
        trial: Trial,
        version: FlowVersion,
        rehearsal: Rehearsal,
    ) -> None:
        self.definition, self.sample, self.trial, self.version = definition, sample, trial, version
        self.seen = Observer(definition, trial, rehearsal)
        self.visits: Counter[str] = Counter()
        self.begun = time.monotonic()

    def run(self) -> None:
        """Open the dossier and act until it ends, or until something keeps it."""
        try:
            self._open()
            for _number in range(MAX_ACTS):
                if not self._act():
                    return
                self._check_time()
            self._stop(_("The try-out stops after %(count)s acts.") % {"count": MAX_ACTS})
        except _StopError as stop:
            self.trial.stopped = str(stop)
        except DatabaseError:
            raise
        except Exception as error:  # a kind of step of a plugin may do anything
            logger.exception("A try-out of %s failed", self.definition.code)
            words = _("The flow cannot go on here (%(error)s); the log of the server says more.")
            self.trial.stopped = words % {"error": type(error).__name__}

    def _stop(self, words: str) -> None:
        raise _StopError(words)

    def _check_time(self) -> None:
        if time.monotonic() - self.begun > MAX_SECONDS:
            self.trial.broken_off = True
            self._stop(_("The try-out stops after %(seconds)s seconds.") % {"seconds": int(MAX_SECONDS)})

    # --- acts ------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        submitter = self.sample.submitter
        answers = filled(self.definition.form, self.sample.answers, by=submitter)
        try:
            self.dossier = open_dossier(self.version, by=submitter, answers=answers)
        except NotVisibleError:
            words = _("%(person)s may not start dossiers of this type.")
            self._stop(words % {"person": submitter})
        except EngineError as error:
            self.trial.broken_off = isinstance(error, BusyError)
            self._stop(_words_of(error))
        self.process = DossierProcess.objects.get(dossier=self.dossier)
        self.seen.opened(self.dossier, self.process)

    def _act(self) -> bool:
        """Let one thing happen and return whether the walk goes on."""
        self.dossier = Dossier.objects.select_related("submitter", "department", "version").get(
            pk=self.dossier.pk
        )
        if not self.dossier.is_open:
            self.seen.ended(self.dossier)
            return False
        waiting = Task.objects.filter(process=self.process.pk, finished__isnull=True).order_by("pk")
        human = waiting.filter(flow_task_type="HUMAN").select_related("owner").first()
        if human is not None:
            self._act_at(human)
            return True
        wait = waiting.filter(flow_task_type="WAIT").first()
        if wait is not None:
            self._pass(wait)
            return True
        self._stop(_("The dossier stands still here: nobody is asked, and it waits for nothing."))
        return False

    def _act_at(self, task: Task) -> None:
        """Let the person who has a task do what the sample says."""
        task.process = self.process
        spec, row = task.flow_task.spec, self.seen.row(task.pk)
        self._count(spec.id, row)
        act = self.sample.act(spec.id, row.nth)
        if act.outcome == LATE:
            self._let_it_be_late(task, row)
            return
        actor = self._actor(task, row)
        outcome = self._outcome(task, act, row)
        row.actor = str(actor)
        self._try(row, lambda: self._decide(task, row, actor, outcome, act))
        self.seen.look(row)

    def _decide(self, task: Task, row: TrialStep, actor: User, outcome: Outcome, act: SampleAct) -> None:
        spec, turn = task.flow_task.spec, Turn(self.dossier, actor, timezone.now())
        form = self.definition.form_of(spec)
        answers = extra = None
        if form is not None:
            keys = set(form.keys())
            known = {key: value for key, value in self.dossier.answers.items() if key in keys}
            own = {
                key: self.sample.answers[key] for key in self._own_keys(form) if key in self.sample.answers
            }
            answers = filled(form, known | own | dict(act.answers), by=actor)
            self.seen.answered(row, form, answers)
        asked = steps.get(spec.kind).ask(spec, Situation(turn, task.process, task.token.token), actor)
        if asked is not None:
            extra = filled(asked, act.extra, by=actor, optional=True)
            self.seen.answered(row, asked, extra)
        note = act.note or (_("(sample)") if outcome.note_required else "")
        decide(task.pk, by=actor, outcome=outcome.code, note=note, answers=answers, to=act.to, extra=extra)

    def _own_keys(self, form: FormSchema) -> list[str]:
        """Return the questions of a step that the form of the dossier does not ask."""
        asked = set(self.definition.form.keys())
        return [field.key for field in form.fields() if field.key not in asked]

    def _outcome(self, task: Task, act: SampleAct, row: TrialStep) -> Outcome:
        """Return what the sample chooses, else the first positive outcome, else the first one."""
        spec = task.flow_task.spec
        known = {outcome.code: outcome for outcome in steps.get(spec.kind).outcomes(spec)}
        if act.outcome and act.outcome not in known:
            row.trouble = _("The sample chooses “%(code)s”, which the step does not offer any more.") % {
                "code": act.outcome
            }
            self._stop(row.trouble)
        positive = next((one for one in known.values() if one.tone == "positive"), None)
        return known.get(act.outcome) or positive or next(iter(known.values()))

    def _actor(self, task: Task, row: TrialStep) -> User:
        """Return who acts: the owner, else the first of the pool who may."""
        if task.owner is not None:
            owner: User = task.owner
            return owner
        own = self.sample.submitter.pk if task.flow_task.not_submitter else None
        people = Assignment(role=task.owner_permission or "").people()
        actor = next((person for person in people if person.pk != own), None)
        if actor is None:
            row.trouble = _("Nobody can act here, not even an administrator.")
            self._stop(row.trouble)
            raise AssertionError
        return actor

    def _let_it_be_late(self, task: Task, row: TrialStep) -> None:
        """Let the reminders and escalations of a task happen; who has it then, acts, unless the step has ended."""
        timers = list(Timer.objects.filter(task=task, fired_at__isnull=True).order_by("fire_at", "pk"))
        if not timers:
            row.trouble = _("Nothing happens when this step is late.")
        for timer in timers:
            timer.fire_at = timezone.now()
            timer.save(update_fields=["fire_at"])
            self._try(row, lambda timer=timer: fire(timer))  # type: ignore[misc]
            self.seen.look(row)
            task.refresh_from_db()
            if task.finished is not None:
                return
        self.dossier.refresh_from_db()
        task.process = self.process
        actor = self._actor(task, row)
        row.actor = str(actor)
        outcome = self._outcome(task, SampleAct(), row)
        self._try(row, lambda: self._decide(task, row, actor, outcome, SampleAct()))
        self.seen.look(row)

    def _pass(self, task: Task) -> None:
        """Let a wait be over at once; the sample may choose `late`."""
        task.process = self.process
        spec, row = task.flow_task.spec, self.seen.row(task.pk)
        self._count(spec.id, row)
        act = self.sample.act(spec.id, row.nth)
        end = "late" if act.outcome == "late" and isinstance(spec, WaitSpec) and spec.at_most else "over"
        if not isinstance(spec, WaitSpec):
            self._answer_for_others(task)
        task.data["at_end"] = end
        Task.objects.filter(pk=task.pk).update(
            status=STATUS.SCHEDULED, scheduled=timezone.now(), data=task.data
        )
        self._try(row, lambda: wake(task.pk))
        row.result = end
        self.seen.look(row)

    def _answer_for_others(self, task: Task) -> None:
        """Answer what a wait for linked dossiers counts: all were closed, and approved unless the sample says else."""
        spec, count = task.flow_task.spec, len(task.data.get("items", []))
        approved = self.sample.answers.get(f"{spec.id}_approved")
        given = {
            f"{spec.id}_approved": approved if isinstance(approved, int) else count,
            f"{spec.id}_closed": count,
        }
        known = {field.key: field for field in steps.get(spec.kind).provides(spec)}
        values = {key: value for key, value in given.items() if key in known}
        values |= {key: kind_of(field).cel_sample(field) for key, field in known.items() if key not in values}
        Dossier.objects.filter(pk=self.dossier.pk).update(answers=self.dossier.answers | values)

    def _count(self, step: str, row: TrialStep) -> None:
        self.visits[step] += 1
        if self.visits[step] > MAX_VISITS and not row.item:
            words = _("The dossier comes to “%(step)s” again and again; the try-out stops here.")
            row.trouble = words % {"step": row.title}
            self._stop(row.trouble)

    def _try(self, row: TrialStep, act: Callable[[], Any]) -> None:
        """Run an act of the engine; what it refuses ends the walk, in its own words."""
        try:
            act()
        except EngineError as error:
            self.trial.broken_off = isinstance(error, BusyError)
            row.trouble = _words_of(error)
            self._stop(row.trouble)


def _words_of(error: EngineError) -> str:
    """Say a refusal of the engine to whoever tries out."""
    if isinstance(error, InvalidActError | FaultError):
        return error.message
    if isinstance(error, BusyError):
        return _("The database was too busy for the try-out. Try again.")
    if isinstance(error, ConflictError):
        return _("Whoever would act here may not.")
    return _("The engine refuses this (%(error)s).") % {"error": type(error).__name__}


__all__ = ["LATE", "Sample", "SampleAct", "Trial", "play"]
