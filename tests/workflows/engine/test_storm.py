"""Twenty people act at once on a few dossiers, start others, and publish: nothing hangs, breaks or goes missing."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from viewflow.workflow.models import Task

from home.audit.api import verify
from tests.factories.flows import ANSWERS, make_office, open_for, signature_flow
from tests.threads import race
from workflows.definitions.api import Definition, publish
from workflows.dossiers.api import Dossier, Register, RegisterEntry
from workflows.engine.api import EngineError, claim, decide, open_dossier, release, withdraw

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 20


def acts_by_chance(office: Any, version: Any, dossiers: list[Dossier], seed: int) -> Any:
    """Return what one person does: six acts, most of them refused."""
    chance = random.Random(seed)
    person = office.people[chance.choice(["tc1", "tc2", "kt1", "kt2", "dt1", "dt2", "chair", "chief", "ann"])]

    def act_once() -> str:
        dossier = chance.choice(dossiers)
        tasks = Task.objects.filter(process__dossierprocess__dossier=dossier, flow_task_type="HUMAN")
        pk = chance.choice(list(tasks.values_list("pk", flat=True)))
        kind = chance.choice(
            ["decide"] * 6 + ["claim"] * 3 + ["release", "open", "open", "publish", "withdraw"]
        )
        if kind == "decide":
            outcome = chance.choice(["agree", "disagree", "approve", "return", "resubmit"])
            decide(pk, by=person, outcome=outcome, note="vì thế", answers=ANSWERS)
        elif kind == "claim":
            claim(pk, by=person)
        elif kind == "release":
            release(pk, by=person)
        elif kind == "open":
            open_dossier(version, by=person, answers=ANSWERS)
        elif kind == "publish":
            publish(Definition.parse(signature_flow(days=chance.randint(1, 9), code=f"khac-{seed % 2}")))
        elif chance.random() < 0.2:
            withdraw(dossier.pk, by=office.ann, reason="Đổi ý")
        return kind

    def run() -> Counter[str]:
        done: Counter[str] = Counter()
        for _ in range(6):
            try:
                done[act_once()] += 1
            except EngineError as error:
                done[type(error).__name__] += 1
        return done

    return run


def test_twenty_people_at_once_leave_everything_whole() -> None:
    office = make_office()
    version = office.publish()
    dossiers = [open_for(office, version) for _ in range(4)]
    results = race(*[acts_by_chance(office, version, dossiers, seed) for seed in range(PEOPLE)])
    broken = [result for result in results if isinstance(result, Exception)]
    assert broken == []
    total = sum(results, Counter())
    assert total["decide"] and total["open"] and total["publish"]
    assert verify() is None

    register = Register.objects.get()
    numbers = RegisterEntry.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, register.last + 1))
    assert Dossier.objects.count() == register.last
    for dossier in Dossier.objects.all():
        tasks = Task.objects.filter(process__dossierprocess__dossier=dossier, finished__isnull=True)
        assert len(dossier.open_steps) == tasks.filter(flow_task_type="HUMAN").count()
        assert dossier.is_open == tasks.exists()
