"""Sample data for a paper template: what a dossier of a type might tell, so that a template can be looked at."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from home.forms.api import AnyField, Sampling, kind_of, localized
from home.people.api import User, department_of
from workflows.steps.api import Facts, HumanSpec, compose, moment, steps

from .definition import Definition

#: An amount that shows how digits are grouped.
AMOUNT = 12_500_000


def sample_data(definition: Definition, reader: User, *, now: datetime | None = None) -> dict[str, Any]:
    """Return what a dossier of this type might tell: every question answered, every step decided by the reader."""
    now = now or timezone.now()
    with translation.override(settings.LANGUAGE_CODE):
        answers = {one.key: sample_answer(one, reader, now.date()) for one in definition.questions.fields()}
        people = definition.human_steps()
        facts = Facts(
            dossier=_dossier(definition, reader, now),
            decisions=[_decision(spec, reader, now) for spec in people],
            unit={"code": "VP", "name": _("Sample unit")},
        )
        return compose(definition.questions, people, answers, facts, now)


def sample_answer(field: AnyField, reader: User, today: date) -> Any:
    """Return a raw answer by the kind of question; a kind that makes none up gives what it shows to conditions."""
    kind = kind_of(field)
    about = Sampling(day=today, number=12, amount=AMOUNT, reader=reader)
    raw = kind.sample(field, about)
    return kind.cel_sample(field) if raw is None else raw


def _dossier(definition: Definition, reader: User, now: datetime) -> dict[str, Any]:
    department = department_of(reader)
    return {
        "number": f"01/{timezone.localtime(now).year}-{definition.register_.code}",
        "subject": _("Sample subject"),
        "type": localized(definition.title),
        "state": _("in progress"),
        "opened": moment(now),
        "due": moment(now),
        "submitter": reader.get_full_name(),
        "submitter_position": _("Sample position"),
        "department": department.name if department is not None else _("Sample unit"),
        "department_code": department.code if department is not None else "VP",
    }


def _decision(spec: HumanSpec, reader: User, now: datetime) -> dict[str, Any]:
    outcome = next(iter(steps.get(spec.kind).outcomes(spec)), None)
    return {
        "step": spec.id,
        "title": localized(spec.title),
        "done": True,
        "outcome": str(outcome.label) if outcome is not None else "",
        "code": outcome.code if outcome is not None else "",
        "name": reader.get_full_name(),
        "position": _("Sample position"),
        "department": _("Sample unit"),
        "on_behalf_of": _("Nguyễn Văn A"),
        "capacity": "KT. CHỦ TỊCH" if spec.kind == "sign" else "",
        "document": "",
        "note": _("Sample note"),
        "at": moment(now),
    }
