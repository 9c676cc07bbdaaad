"""Watching a rehearsal: what each change of state brought becomes lines of the try-out, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from viewflow.workflow.models import Task

from home.forms.api import FormSchema, condition_names, display, kind_of, localized
from home.notifications.api import Notification, kinds, ways_out
from home.people.api import User
from workflows.definitions.api import Definition, Names
from workflows.dossiers.api import Dossier, Rehearsal
from workflows.steps.api import (
    Assignment,
    Choice,
    ChoiceSpec,
    ChoiceStep,
    End,
    Human,
    HumanSpec,
    Join,
    Situation,
    Split,
    StepSpec,
    Turn,
    Wait,
    WaitSpec,
    Weighed,
    closed_words,
    item_names,
    nobody_words,
    role_names,
    round_of,
    rule_words,
    steps,
    why_words,
)

from .addresses import dossier_url, task_url
from .clock_words import due_lines, happenings, term_words
from .errand_words import call_words
from .goals import goals_of
from .models import DossierProcess, Timer
from .trial import Offer, Sort, Told, Trial, TrialStep

_SORTS: tuple[tuple[type, Sort], ...] = (
    (Human, "human"),
    (Choice, "choice"),
    (Split, "block"),
    (Join, "join"),
    (Wait, "wait"),
    (End, "end"),
)
#: Of a large group so many names are shown.
_NAMES = 12


class Observer:
    """Reads what a rehearsal has written since it was last asked, and adds it to the trial."""

    def __init__(self, definition: Definition, trial: Trial, rehearsal: Rehearsal) -> None:
        self.definition, self.trial, self.rehearsal = definition, trial, rehearsal
        self.rows: dict[int, TrialStep] = {}
        self._visits: Counter[str] = Counter()
        self._turns = self._last_task = self._last_notice = 0
        self._joins: set[int] = set()
        self._rules: dict[str, str] = {}

    def row(self, task_id: int) -> TrialStep:
        """Return the line of a task."""
        return self.rows[task_id]

    def opened(self, dossier: Dossier, process: DossierProcess) -> None:
        """Begin with a dossier that was opened."""
        self.dossier, self.process = dossier, process
        self.trial.number, self.trial.subject = dossier.number, dossier.subject
        self.trial.due_at = dossier.due_at
        if self.definition.days and dossier.due_at:
            self.trial.counted = due_lines(
                dossier.opened_at, days=self.definition.days, unit=dossier.department
            )
        self.look(None)

    def ended(self, dossier: Dossier) -> None:
        """Note the state that the dossier ends in."""
        self.trial.state, self.trial.state_label = dossier.state, str(Dossier.State(dossier.state).label)

    def answered(self, row: TrialStep, form: FormSchema, answers: Mapping[str, Any]) -> None:
        """Note what the person at a step answers."""
        row.answers += [(line.label, line.text) for line in display(form, answers) if line.text]

    def look(self, acted: TrialStep | None) -> None:
        """Add everything that has happened since the last look; `acted` is the line of who made it happen."""
        turns: list[Turn] = self.rehearsal.turns[self._turns :]
        self._turns = len(self.rehearsal.turns)
        if not turns:
            return
        self.process.refresh_from_db(fields=["data"])
        self.dossier = turns[-1].dossier
        new = self._new_rows(turns)
        for turn in turns:
            self._note_decided(turn)
            self._note_entries(turn, new, acted)
            for errand in turn.errands:
                row = _newest(new, errand.step) or acted
                if row is not None:
                    row.calls.append(call_words(errand, self.definition))
        self._note_clock(turns)
        self._note_notices(new, acted)

    # --- lines -----------------------------------------------------------------------------------------------

    def _new_rows(self, turns: list[Turn]) -> list[TrialStep]:
        """Add the lines of what began, and of blocks that came to their end, in the order of their moments."""
        found = Q(pk__gt=self._last_task) | Q(pk__in=self._joins, finished__isnull=False)
        tasks = Task.objects.filter(found, process=self.process.pk).select_related("owner").order_by("pk")
        moments: list[tuple[datetime, int, TrialStep]] = []
        assigned = {task.pk: (spec, who, turn) for turn in turns for task, spec, who in turn.opened}
        weighed = [one for turn in turns for one in turn.weighed]
        for task in tasks:
            task.process = self.process
            self._last_task = max(self._last_task, task.pk)
            if task.flow_task_type == "JOIN":
                self._joins.add(task.pk)
                if task.finished is None:
                    continue
                self._joins.discard(task.pk)
            elif task.flow_task_type == "HUMAN" and task.pk not in assigned:
                continue  # opened and closed by the same act: nobody would have seen it
            row = self._row_of(task)
            if row is None:
                continue
            if task.pk in assigned:
                self._assign(row, task, *assigned[task.pk])
            if row.sort == "choice":
                self._choose(row, task, [one for one in weighed if one.task == task.pk])
            self.rows[task.pk] = row
            moments.append((task.finished if row.sort == "join" else task.created, task.pk, row))
        rows = [row for _moment, _pk, row in sorted(moments, key=lambda found: found[:2])]
        self.trial.steps += rows
        return rows

    def _row_of(self, task: Task) -> TrialStep | None:
        """Return a new line for a task; the start and the gateway behind a block have none."""
        spec: StepSpec | None = task.flow_task.spec
        node = task.flow_task
        sort: Sort = next((named for kind, named in _SORTS if isinstance(node, kind)), "service")
        if spec is None:
            return self._end_row(task) if sort == "end" else None
        if task.flow_task.name.endswith("__route_"):
            return None
        kind = steps.get(spec.kind)
        row = TrialStep(
            spec.id,
            spec.kind,
            localized(spec.title),
            sort,
            icon=kind.admin_icon,
            depth=len(self.definition.paths.get(spec.id, ())),
        )
        situation = Situation(self.rehearsal.turns[-1], self.process, task.token.token)
        row.item = item_names([situation.item]).get(situation.item, "") if situation.item else ""
        if sort == "join":
            won = task.flow_task.activation_class(task).verdict()
            row.result = "lost" if won is False else "won"
            row.branch = _("not enough agree") if won is False else _("the block is complete")
            return row
        row.nth = self._visits[spec.id]
        self._visits[spec.id] += 1
        if sort == "block":
            self._open_block(row, spec, task)
        if isinstance(spec, WaitSpec) and spec.at_most is not None:
            row.offers = [Offer("late", _("it takes too long"), "neutral")]
        return row

    def _end_row(self, task: Task) -> TrialStep:
        state = task.flow_task.state
        return TrialStep(state, "end", str(Dossier.State(state).label), "end", icon="flag", result=state)

    def _open_block(self, row: TrialStep, spec: StepSpec, task: Task) -> None:
        """Say how a block decides, and for whom it runs."""
        row.branch = steps.get(spec.kind).block_words(spec)
        found = round_of(self.process, task.pk)
        asked = [*found.items.values(), *found.queue]
        names = item_names(asked)
        row.people = [names[item] for item in asked if item in names]
        if spec.kind == "each" and not asked:
            row.events.append(_("The list names nobody: the block is passed over."))

    def _assign(self, row: TrialStep, task: Task, spec: HumanSpec, who: Assignment, turn: Turn) -> None:
        """Say who gets a step, why, and until when."""
        row.holder = str(who.user) if who.user else role_names([who.role]).get(who.role, who.role)
        row.people = [str(person) for person in who.people()[:_NAMES]] if who.user is None else []
        row.why = why_words(who.why)
        row.rule = self._rule(spec.fallback if who.why.startswith("fallback:") else spec.who)
        row.tried = [
            f"{self._rule(getattr(spec, one.key, None))}: {nobody_words(one.why)}" for one in who.tried
        ]
        row.due_at = task.scheduled
        row.due_words = term_words(spec, task.scheduled, turn.dossier)
        row.counted = due_lines(turn.at, spec=spec, dossier=turn.dossier, who=who)
        kind = steps.get(spec.kind)
        row.offers = [Offer(one.code, str(one.label), one.tone) for one in kind.outcomes(spec)]
        for outcome in kind.outcomes(spec):
            if outcome.targets:
                row.goals = [(goal.id, localized(goal.title)) for goal in goals_of(task, outcome)]

    def _rule(self, rule: Any) -> str:
        """Say a rule with the names of its departments; each is looked up once."""
        if rule is None:
            return ""
        key = repr(rule)
        if key not in self._rules:
            self._rules[key] = rule_words(rule)
        return self._rules[key]

    def _choose(self, row: TrialStep, task: Task, weighed: list[Weighed]) -> None:
        """Say which branch was taken, and the values that decided."""
        spec = task.flow_task.spec
        kind = steps.get(spec.kind)
        if not isinstance(spec, ChoiceSpec) or not isinstance(kind, ChoiceStep):
            return
        index = kind.taken(spec, weighed)
        row.result, row.branch = str(index + 1), kind.branch_words(spec, index)
        row.weighed = [self._weighed_words(one) for one in weighed]

    def _weighed_words(self, one: Weighed) -> str:
        fields = {field.key: field for field in self.definition.questions.fields()}
        named = [fields[key] for key in fields if key in condition_names(one.expression)]
        values = ", ".join(
            f"{localized(field.label)} = "
            f"{kind_of(field).display(one.answers.get(field.key), field) or _('(empty)')}"
            for field in named
        )
        held = _("holds") if one.held else _("does not hold")
        asked = Names.of(self.definition.canonical()).condition(one.expression)
        return f"{asked} – {held} ({values})" if values else f"{asked} – {held}"

    # --- what came of it -------------------------------------------------------------------------------------

    def _note_decided(self, turn: Turn) -> None:
        for task in turn.decided:
            row = self.rows.get(task.pk)
            if row is None or row.sort != "human":
                continue
            row.outcome = row.result = task.data.get("outcome", "")
            offer = next((one for one in row.offers if one.code == row.outcome), None)
            row.outcome_label, row.tone = (offer.label, offer.tone) if offer else (row.outcome, "")
            row.note = task.data.get("note", "")
            if goal := self.definition.steps_by_id.get(task.data.get("to", "")):
                row.goal = localized(goal.title)
        for task in turn.cancelled:
            row = self.rows.get(task.pk)
            if row is not None:
                code = task.data.get("closed", "")
                row.result, row.closed = f"closed:{code}", closed_words(code)

    def _note_entries(self, turn: Turn, new: list[TrialStep], acted: TrialStep | None) -> None:
        """Take from what would have been the audit trail what no other row says."""
        for entry in turn.entries:
            data = entry.data
            row = _newest(new, data.get("step", "")) or acted
            if row is None:
                continue
            match entry.verb:
                case "number.taken" | "number.kept":
                    row.number = data["symbol"]
                case "dossier.calculated":
                    row.answers += self._values(turn, data.get("changed", []))
                case "task.reassigned" | "task.escalated" | "task.reminded":
                    row.events.append(_late_words(entry.verb, data))

    def _values(self, turn: Turn, keys: Iterable[str]) -> list[tuple[str, str]]:
        fields = {field.key: field for field in self.definition.questions.fields()}
        answers = turn.dossier.answers
        return [
            (localized(fields[key].label), kind_of(fields[key]).display(answers.get(key), fields[key]))
            for key in keys
            if key in fields
        ]

    def _note_clock(self, turns: list[Turn]) -> None:
        """Say what the clock would do to the steps that began; one query."""
        specs = {task.pk: spec for turn in turns for task, spec, _who in turn.opened}
        timed = [pk for pk, spec in specs.items() if spec.remind or spec.late]
        if not timed:
            return
        for timer in Timer.objects.filter(task__in=timed).order_by("fire_at", "pk"):
            task = timer.task_id or 0
            if (row := self.rows.get(task)) is not None:
                row.clock += happenings(timer, specs[task])

    def _note_notices(self, new: list[TrialStep], acted: TrialStep | None) -> None:
        """Say who would be told what, and by which ways; two queries."""
        by_url = {task_url(pk): row for pk, row in self.rows.items()}
        home = dossier_url(self.dossier)
        rows = list(
            Notification.objects.filter(url__in=[home, *by_url], pk__gt=self._last_notice)
            .select_related("recipient")
            .order_by("pk")
        )
        ways: dict[int, list[str]] = {}
        for row, way in ways_out(rows):
            ways.setdefault(row.pk, []).append(str(way.label))
        for row in rows:
            self._last_notice = max(self._last_notice, row.pk)
            label = str(kinds.get(row.kind).label) if row.kind in kinds else row.kind
            told = Told(str(row.recipient), label, row.words.subject, tuple(ways.get(row.pk, ())))
            line = by_url.get(row.url) or _about(row, new) or acted
            (line.told if line is not None else self.trial.told).append(told)


def _newest(rows: list[TrialStep], step: str) -> TrialStep | None:
    """Return the last line of a step among those that are new."""
    return next((row for row in reversed(rows) if row.step == step and row.sort != "join"), None)


def _about(notice: Notification, rows: list[TrialStep]) -> TrialStep | None:
    """Return the new line that a notification about the dossier itself belongs to."""
    if notice.kind == "dossier.closed":
        return next((row for row in rows if row.sort == "end"), None)
    title = localized(notice.params.get("step", ""))
    return next((row for row in reversed(rows) if row.sort == "service" and row.title == title), None)


def _holder_words(name: str) -> str:
    """Return the name of a person (by user name) or of a role, as the audit trail writes them."""
    person = User.objects.filter(username=name).first()
    return str(person) if person is not None else role_names([name]).get(name, name)


def _late_words(verb: str, data: Mapping[str, Any]) -> str:
    if verb == "task.reassigned":
        return _("Late: the step goes to %(who)s.") % {"who": _holder_words(data.get("now", ""))}
    if verb == "task.escalated":
        return _("Late: %(who)s is told.") % {"who": _holder_words(data.get("to", ""))}
    count = len(data.get("people", []))
    return ngettext("%(count)d person is reminded.", "%(count)d people are reminded.", count) % {
        "count": count
    }
