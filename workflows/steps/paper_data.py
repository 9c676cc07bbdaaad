"""What a paper tells: the dossier, its answers and decisions as plain JSON, in the words of the office.

The names are those of `workflows.dossiers.paper_names`. Everything is text, numbers, true and false, lists and tables:
a template gets no object of ours. Papers are written in the language of the office, whoever acts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from viewflow.workflow.status import STATUS

from home.forms.api import DAY, Field, FormSchema, clean_text, kind_of, localized
from home.office.api import office_name
from home.people.api import Department, Membership, User
from workflows.dossiers.api import DECISION, MOMENT, Dossier

from .registry import steps
from .situation import Situation
from .spec import HumanSpec
from .spelling import spelled, spelled_money

#: Two code points that XML forbids and that are no control characters.
_NO_CHARACTERS = dict.fromkeys((0xFFFE, 0xFFFF))


@dataclass(frozen=True)
class Facts:
    """What a paper tells beside the form: `dossier` as in `paper_names.DOSSIER`, `decisions` the oldest first."""

    dossier: Mapping[str, Any]
    decisions: Sequence[Mapping[str, Any]] = ()
    #: Code and name of the unit or person for whom the branch runs.
    unit: Mapping[str, str] = field(default_factory=lambda: {"code": "", "name": ""})


def paper_data(at: Situation) -> dict[str, Any]:
    """Return what a paper tells at this moment of a running flow; five queries at most."""
    flow = at.process.flow_class
    with translation.override(settings.LANGUAGE_CODE):
        tasks = _decided(at)
        places = _places({*_people(tasks), at.dossier.submitter})
        facts = Facts(
            dossier=_dossier(at, places),
            decisions=[_decision(task, places) for task in tasks],
            unit=_unit(at.item),
        )
        return compose(flow.schema, flow.definition.human_steps(), at.answers, facts, at.turn.at)


def compose(
    schema: FormSchema,
    people_steps: Iterable[HumanSpec],
    answers: Mapping[str, Any],
    facts: Facts,
    now: datetime,
) -> dict[str, Any]:
    """Put together what templates see. Every question and every step of people has an entry, also without an answer."""
    questions = [one for one in schema.fields() if kind_of(one).asks]
    by_step: dict[str, Mapping[str, Any]] = {spec.id: _undecided(spec) for spec in people_steps}
    by_step |= {str(row["step"]): row for row in facts.decisions}
    data = {
        "dossier": dict(facts.dossier),
        "answers": {one.key: kind_of(one).display(answers.get(one.key), one) for one in questions},
        "values": {one.key: _typed(answers.get(one.key), one) for one in questions},
        "spelled": {one.key: _in_words(answers.get(one.key), one) for one in questions},
        "labels": {one.key: localized(one.label) for one in questions},
        "decisions": list(facts.decisions),
        "steps": by_step,
        "unit": dict(facts.unit),
        "office": {"name": office_name()},
        "today": moment(now),
    }
    cleaned: dict[str, Any] = _clean(data)
    return cleaned


def moment(when: date | datetime | None) -> dict[str, str]:
    """Return a day, or a moment in the time zone of the office, in its parts (NĐ 30/2020/NĐ-CP: 05, 02, but 3)."""
    if when is None:
        return dict.fromkeys(MOMENT, "")
    time = ""
    if isinstance(when, datetime):
        # A moment of an answer is what the office's clock shows; others know their time zone.
        when = when if timezone.is_naive(when) else timezone.localtime(when)
        time = f"{when:%H:%M}"
    day, month = f"{when.day:02d}", f"{when.month:02d}" if when.month < 3 else str(when.month)
    text = f"{when:%d/%m/}{when.year}"
    return {
        "text": text,
        "full": f"{text} {time}".strip(),
        "time": time,
        "day": day,
        "month": month,
        "year": str(when.year),
        "words": f"ngày {day} tháng {month} năm {when.year}",
        "iso": when.isoformat(),
    }


def _typed(raw: Any, question: Field) -> Any:
    """Return an answer to count and compare with: numbers, true and false, lists, rows, days in their parts."""
    kind = kind_of(question)
    if kind.shape == DAY:
        when = kind.from_json(raw, question)
        return moment(when if isinstance(when, date) else None)
    inner = kind.inner(question)
    if inner and kind.repeats:
        return [_parts(row, inner) for row in raw or ()]
    return _parts(raw, inner) if inner else _plain(raw)


def _parts(raw: Any, inner: Sequence[Field]) -> dict[str, Any]:
    given = raw if isinstance(raw, Mapping) else {}
    return {one.key: _typed(given.get(one.key), one) for one in inner}


def _plain(raw: Any) -> Any:
    if isinstance(raw, Mapping):
        return {str(key): _plain(value) for key, value in raw.items() if key != "id"}
    return [_plain(value) for value in raw] if isinstance(raw, list) else raw


def _in_words(raw: Any, question: Field) -> str:
    """Return a number or an amount of money in words; empty for any other answer."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return ""
    return spelled_money(int(raw)) if kind_of(question).currency else spelled(raw)


def _clean(value: Any) -> Any:
    """Return the same with every text in NFC, without control, direction and forbidden characters."""
    if isinstance(value, str):
        return clean_text(value, lines=True).translate(_NO_CHARACTERS)
    if isinstance(value, Mapping):
        return {str(key): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value


def _undecided(spec: HumanSpec) -> dict[str, Any]:
    blank = dict.fromkeys(DECISION, "")
    return {**blank, "step": spec.id, "title": localized(spec.title), "done": False, "at": moment(None)}


def _decided(at: Situation) -> list[Any]:
    """Return the tasks of people that were decided and count, the oldest first."""
    done = at.process.task_set.filter(flow_task_type="HUMAN", status=STATUS.DONE, finished__isnull=False)
    found = done.select_related("owner").order_by("finished", "pk")
    known = set(at.process.flow_class.definition.steps_by_id)
    return [task for task in found if task.flow_task.spec.id in known and not _generated(task)]


def _generated(task: Any) -> bool:
    return steps.get(task.flow_task.spec.kind).generated


def _people(tasks: Iterable[Any]) -> list[User]:
    """Return whoever decided: the actor, not the person for whom they stood in; one query when anybody stood in."""
    wanted = {key for task in tasks for key in (task.data.get("by"), _signed_for(task)) if key}
    others = User.objects.in_bulk(wanted) if wanted else {}
    found = []
    for task in tasks:
        task.actor = others.get(task.data.get("by"), task.owner)
        task.represented = others.get(_signed_for(task)) or (task.owner if task.actor != task.owner else None)
        found += [task.actor] if task.actor is not None else []
    return found


def _signed_for(task: Any) -> int | None:
    found: int | None = task.data.get("signed", {}).get("on_behalf_of")
    return found


def _places(people: Iterable[User]) -> dict[int, Membership]:
    """Return the main place of each person today; one query."""
    held = Membership.objects.current().filter(user__in=[person.pk for person in people])
    rows = held.select_related("position", "department").order_by(
        "user_id", "-is_primary", "position__rank", "pk"
    )
    found: dict[int, Membership] = {}
    for row in rows:
        found.setdefault(row.user_id, row)
    return found


def _decision(task: Any, places: Mapping[int, Membership]) -> dict[str, Any]:
    spec, signed = task.flow_task.spec, task.data.get("signed", {})
    labels = {one.code: str(one.label) for one in steps.get(spec.kind).outcomes(spec)}
    code = str(task.data.get("outcome", ""))
    place = places.get(task.actor.pk) if task.actor is not None else None
    return {
        "step": spec.id,
        "title": localized(spec.title),
        "done": True,
        "outcome": labels.get(code, code),
        "code": code,
        "name": task.actor.get_full_name() if task.actor is not None else "",
        "position": place.position.name if place is not None else "",
        "department": place.department.name if place is not None else "",
        "on_behalf_of": task.represented.get_full_name() if task.represented is not None else "",
        "capacity": signed.get("words", ""),
        "document": signed.get("document", ""),
        "note": task.data.get("note", ""),
        "at": moment(task.finished),
    }


def _dossier(at: Situation, places: Mapping[int, Membership]) -> dict[str, Any]:
    dossier = at.dossier
    place = places.get(dossier.submitter_id)
    return {
        "number": dossier.number,
        "subject": dossier.subject,
        "type": str(dossier.type),
        "state": str(Dossier.State(at.turn.state or dossier.state).label),
        "opened": moment(dossier.opened_at),
        "due": moment(dossier.due_at),
        "submitter": dossier.submitter.get_full_name(),
        "submitter_position": place.position.name if place is not None else "",
        "department": dossier.department.name if dossier.department is not None else "",
        "department_code": dossier.department.code if dossier.department is not None else "",
    }


def _unit(item: str) -> dict[str, str]:
    """Return code and name of an item (`dept:3`, `user:5`)."""
    sort, _colon, key = item.partition(":")
    if sort == "dept":
        department = Department.objects.filter(pk=key).first()
        return {"code": department.code, "name": department.name} if department else {"code": "", "name": ""}
    person = User.objects.filter(pk=key).first() if sort == "user" else None
    return {"code": person.username, "name": person.get_full_name()} if person else {"code": "", "name": ""}
