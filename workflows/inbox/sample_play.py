"""Plays sample dossiers as people would: through the form, the engine's acts, and nothing else."""

from __future__ import annotations

import random
import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from home.forms.api import FormSchema, Submission, SubmissionHandler, build_form, submission_handlers, submit
from home.people.api import Department, User, department_of, people_with_role
from home.worktime.api import is_working_day
from plugins.api.api import ProfileContext
from workflows.definitions.api import definition_of
from workflows.dossiers.api import DISPATCH, Dossier, DossierType
from workflows.engine.api import (
    TaskView,
    claim,
    decide,
    hold,
    open_dossier,
    open_tasks,
    request_supplement,
    view_task,
    withdraw,
)

if TYPE_CHECKING:
    from .profile_sections import DossiersFile, SampleType

DAY = re.compile(r"\{([+-]\d{1,3})\}")
#: No flow of a sample has more acts than this.
LONGEST = 40
#: How many acts a dossier that is still under way has seen.
FEW = (0, 0, 1, 1, 2, 3)


class PlayError(Exception):
    """Samples that cannot be played; the message says why."""


class _Opening(SubmissionHandler):
    """Opens a dossier that was received at a given moment."""

    code = "dossier"

    def handle(self, submission: Submission, context: dict[str, Any]) -> str:
        """Open it and leave it in the context."""
        assert submission.by is not None  # noqa: S101
        context["dossier"] = open_dossier(
            context["version"],
            by=submission.by,
            answers=submission.answers,
            submission=submission,
            at=context["at"],
        )
        return reverse("dossier", args=[context["dossier"].pk])


class Player:
    """One run: the same seed and people give the same dossiers."""

    def __init__(
        self, data: DossiersFile, types: list[SampleType], context: ProfileContext, source: str
    ) -> None:
        self.data = data
        self.types = types
        self.context = context
        self.source = source
        self.random = random.Random(data.seed)  # noqa: S311
        self.rows = {row.code: row for row in DossierType.objects.select_related("current")}
        self.people = list(User.objects.filter(memberships__role="member", is_active=True).distinct())
        self.people.sort(key=lambda person: person.username)
        self.favourites = list(User.objects.filter(username__in=data.submitters).order_by("username"))

    def play_all(self) -> None:
        """Open and carry on `count` dossiers in the order in which they were received, so numbers follow."""
        chosen = self.random.choices(
            self.types, weights=[kind.weight for kind in self.types], k=self.data.count
        )
        received = sorted(((self._moment(kind), n) for n, kind in enumerate(chosen)), key=lambda pair: pair)
        with submission_handlers.override(_Opening):
            for at, n in received:
                dossier = self._open(chosen[n], at, key=str(n))
                plan = self.random.choices(list(self.data.plans), weights=list(self.data.plans.values()))[0]
                self._carry(dossier, plan, chosen[n])

    def _moment(self, kind: SampleType) -> datetime:
        """Return a moment of working time in the last days, never in the future."""
        day = self.context.day(-self.random.randint(1, kind.days_back))
        while not is_working_day(day):
            day -= timedelta(days=1)
        hour = self.random.choice([7, 8, 8, 9, 9, 10, 10, 11, 13, 14, 14, 15, 16])
        at = time(hour, self.random.randint(30 if hour == 7 else 0, 29 if hour == 11 else 59))
        return timezone.make_aware(datetime.combine(day, at))

    def _open(self, kind: SampleType, at: datetime, *, key: str) -> Dossier:
        by = self._submitter(kind)
        version = self.rows[kind.code].current
        assert version is not None  # noqa: S101
        form = definition_of(version).form
        answers = self._answers(form, self.random.choice(kind.answers), by)
        context: dict[str, Any] = {"version": version, "at": at}
        submit(
            version.schema,
            by=by,
            answers=answers,
            handler="dossier",
            source=self.source,
            key=key,
            context=context,
        )
        dossier: Dossier = context["dossier"]
        return dossier

    def _submitter(self, kind: SampleType) -> User:
        """Return who files a dossier: one of the type's own submitters, else now and then a favourite, else anybody."""
        own = [person for person in self.people if person.username in kind.submitters]
        if own:
            return self.random.choice(own)
        favourite = self.favourites and self.random.random() < 0.2
        return self.random.choice(self.favourites if favourite else self.people)

    def _answers(self, form: FormSchema, typed: dict[str, Any], by: User) -> dict[str, Any]:
        """Fill the real form; raises `PlayError` with what it objects to."""
        data = {key: self._values(value, by) for key, value in typed.items()}
        filled = build_form(form, user=by, data=data)
        if not filled.is_valid():
            raise PlayError(f"{typed}: {filled.errors.as_text()}")
        return filled.answers()

    def _values(self, value: Any, by: User) -> str | list[str]:
        """Return what would be posted; a list for questions with several answers."""
        if isinstance(value, list):
            return [self._value(item, by) for item in value]
        return self._value(value, by)

    def _value(self, value: Any, by: User) -> str:
        text = str(value)
        department = department_of(by)
        if text == "@unit":
            return str(department.pk) if department else ""
        if text == "@colleague":
            others = people_with_role(f"dept:{department.pk}") if department else []
            return next((str(person.pk) for person in others if person.pk != by.pk), "")
        if text.startswith("@dept:"):
            return f"dept:{Department.objects.get(code=text.removeprefix('@dept:')).pk}"
        if text.startswith("@"):
            return str(Department.objects.get(code=text[1:]).pk)
        return DAY.sub(lambda match: self.context.day(int(match[1])).isoformat(), text)

    def _carry(self, dossier: Dossier, plan: str, kind: SampleType) -> None:
        """Let people act until the plan is fulfilled."""
        acts = LONGEST if plan in ("approved", "returned", "rejected") else self.random.choice(FEW)
        for _number in range(acts):
            if not self._act(dossier, plan, kind):
                break
        if plan == "withdrawn" and Dossier.objects.get(pk=dossier.pk).is_open:
            withdraw(dossier.pk, by=dossier.submitter, reason=self._note("withdraw", always=True))
        if plan in ("held", "supplement"):
            self._pause(dossier, plan)
        if plan == "open":
            self._claim_one(dossier)

    def _pause(self, dossier: Dossier, plan: str) -> None:
        """Let whoever has a task stop the clock, if the dossier still runs and is not with its submitter."""
        for task in open_tasks(dossier):
            actor = self._actor(task, dossier)
            if actor is None or actor.pk == dossier.submitter_id:
                continue
            reason = self._note(plan, always=True)
            if task.owner is None:
                claim(task.pk, by=actor)
            if plan == "held":
                hold(dossier.pk, by=actor, reason=reason)
            else:
                request_supplement(task.pk, by=actor, reason=reason)
            return

    def _act(self, dossier: Dossier, plan: str, kind: SampleType) -> bool:
        """Let one person decide; return whether the play goes on."""
        tasks = open_tasks(dossier)
        if not tasks:
            return False
        task = self.random.choice(tasks)
        actor = self._actor(task, dossier)
        if actor is None:
            return False
        view = view_task(task.pk, actor)
        outcome = self._outcome(view, plan)
        answers = self._step_answers(view, kind, actor)
        known = {item.code: item for item in view.outcomes}
        note = self._note(outcome, always=known[outcome].note_required)
        extra = self._asked(view, kind, actor)
        goals = view.goals.get(outcome, ())
        to = self.random.choice(goals).id if goals else ""
        decide(task.pk, by=actor, outcome=outcome, note=note, answers=answers, to=to, extra=extra)
        return not (plan == "returned" and outcome == "return")

    def _actor(self, task: Any, dossier: Dossier) -> User | None:
        if task.owner is not None:
            owner: User = task.owner
            return owner
        if task.owner_permission == DISPATCH:
            return None
        people = [p for p in people_with_role(task.owner_permission) if p.pk != dossier.submitter_id]
        return self.random.choice(people) if people else None

    def _outcome(self, view: TaskView, plan: str) -> str:
        codes = [outcome.code for outcome in view.outcomes]
        wish = {"returned": "return", "rejected": "reject"}.get(plan, "")
        if wish in codes:
            return wish
        if "disagree" in codes and self.random.random() < 0.1:
            return "disagree"
        if "return" in codes and plan == "approved" and self.random.random() < 0.07:
            return "return"
        return codes[0]

    def _step_answers(self, view: TaskView, kind: SampleType, actor: User) -> dict[str, Any] | None:
        if view.form is None:
            return None
        keys = view.form.keys()
        if view.spec.kind == "rework":
            return {key: value for key, value in view.dossier.answers.items() if key in keys}
        typed = {key: value for key, value in kind.entries.items() if key in keys}
        return self._answers(view.form, typed, actor)

    def _asked(self, view: TaskView, kind: SampleType, actor: User) -> dict[str, Any] | None:
        """Answer what the kind of step asks beside the note; of a required choice, one at random."""
        if view.ask is None:
            return None
        given = self.random.choice(kind.asks) if kind.asks else {}
        typed: dict[str, Any] = {}
        for field in view.ask.fields():
            if field.key in given:
                typed[field.key] = given[field.key]
            elif field.required and (choices := getattr(field, "choices", None)):
                typed[field.key] = self.random.choice(choices).value
        return self._answers(view.ask, typed, actor)

    def _note(self, outcome: str, *, always: bool = False) -> str:
        notes = self.data.notes.get(outcome, [])
        if not notes and always:
            raise PlayError(f"Give some notes for {outcome!r}.")
        return self.random.choice(notes) if notes and (always or self.random.random() < 0.5) else ""

    def _claim_one(self, dossier: Dossier) -> None:
        """Let somebody take one of the tasks that wait in a pool, every other time."""
        for task in open_tasks(dossier):
            if task.owner is None and self.random.random() < 0.5:
                actor = self._actor(task, dossier)
                if actor is not None:
                    claim(task.pk, by=actor)
                return
