"""Whatever can be defined can be played to an end: Hypothesis draws definitions and decisions."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from itertools import count, product
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from viewflow.workflow.models import Process, Task

from home.audit.api import entries_for, verify
from tests.factories.flows import CHIEF, approve, definition, make_office, open_for, review, task_of
from tests.factories.people import UserFactory
from workflows.definitions.api import Definition, check, definition_of, errors
from workflows.dossiers.api import Dossier, Errand, SubDossier, principals_of
from workflows.engine.api import (
    InvalidActError,
    add_participant,
    candidates_for,
    claim,
    decide,
    goals_of,
    hold,
    may_recall,
    open_rounds,
    reassign,
    recall,
    release,
    remove_participant,
    request_supplement,
    resume,
    run_errands,
    wake_waiting,
    withdraw,
)
from workflows.steps.api import step_id_of, steps

pytestmark = pytest.mark.django_db

#: The type of linked dossiers: one decision.
CHILD = "ke-hoach"
WHO: list[dict[str, Any]] = [
    {"pool": {"department": "TC"}},
    {"pool": {"department": "DT"}},
    {"pool": {"department": "KT", "position": "officer"}},
    {"position": "chair", "department": "LD"},
    {"position": "officer", "department": "VP"},
    {"head_of": "submitter"},
    {"head_of": "KT"},
    {"user": "ann"},
    {"submitter": True},
]


class Maker:
    """Makes definitions that the linter accepts."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.numbers = count(1)
        #: How many *each* blocks enclose the step that is being made: only there is there a unit to name.
        self.units = 0
        #: How many steps open linked dossiers.
        self.children = 0

    def definition(self) -> dict[str, Any]:
        first = approve("s0", self.chance.choice(WHO))
        raw = definition(first, *self.steps(0, parallel=False))
        unit = {"key": "unit", "kind": "department", "label": "Đơn vị"}
        raw["form"]["sections"][0]["fields"].append(unit)
        return raw

    def steps(self, depth: int, *, parallel: bool) -> list[dict[str, Any]]:
        kinds = [self.approve, self.review, self.entry, self.tell, self.wait, self.call, self.plans]
        if depth <= 2:
            kinds += [self.choice, self.block, self.each] * 2
        return [self.chance.choice(kinds)(depth, parallel) for _ in range(self.chance.randint(1, 3))]

    def voting(self, depth: int) -> list[dict[str, Any]]:
        found = self.steps(depth, parallel=True)
        found.insert(self.chance.randint(0, len(found)), self.review(depth, True))
        return found

    def name(self) -> str:
        return f"s{next(self.numbers)}"

    def human(self, kind: str) -> dict[str, Any]:
        items = [{"item": "head"}, {"item": "anyone"}] if self.units else []
        who = self.chance.choice(WHO + items * 3)
        recall = self.chance.choice([0, 30])
        return {
            "id": self.name(),
            "kind": kind,
            "title": kind,
            "who": who,
            "fallback": CHIEF,
            "recall": recall,
        }

    def approve(self, depth: int, parallel: bool) -> dict[str, Any]:
        more = ["return", "reject"]
        spec = self.human("approve") | {
            "outcomes": ["approve", *self.chance.sample(more, self.chance.randint(0, len(more)))],
            "return_to": self.chance.choice([["submitter"], "any"]),
            "after_return": self.chance.choice(["again", "back"]),
        }
        if depth < 2 and self.chance.random() < 0.3:
            own = {"code": "later", "label": "Để lại", "steps": self.steps(depth + 1, parallel=parallel)}
            spec["branches"] = [own]
        return spec

    def review(self, depth: int, parallel: bool) -> dict[str, Any]:
        return self.human("review")

    def entry(self, depth: int, parallel: bool) -> dict[str, Any]:
        spec = self.human("data_entry")
        return spec | {"fields": [{"key": f"{spec['id']}_note", "kind": "text", "label": "Ghi chú"}]}

    def tell(self, depth: int, parallel: bool) -> dict[str, Any]:
        to = [self.chance.choice(WHO)]
        return {"id": self.name(), "kind": "notify", "title": "Báo", "to": to, "message": "{{ x }}"}

    def wait(self, depth: int, parallel: bool) -> dict[str, Any]:
        limit = self.chance.choice([1, 10_000_000_000])
        late = {"branches": [{"steps": self.chance.choice([[], [self.tell(depth, parallel)]])}]}
        how = self.chance.choice([{"days": 1}, {"when": f"amount > {limit}", "at_most": 2} | late])
        return {"id": self.name(), "kind": "wait", "title": "Chờ"} | how

    def call(self, depth: int, parallel: bool) -> dict[str, Any]:
        return {"id": self.name(), "kind": "webhook", "title": "Gọi", "target": "erp", "answers": ["amount"]}

    def plans(self, depth: int, parallel: bool) -> dict[str, Any]:
        if self.children >= 2:  # each opens dossiers of its own, in every round
            return self.wait(depth, parallel)
        self.children += 1
        units = self.chance.choice([["TC"], ["TC", "KT"]])
        return {
            "id": self.name(),
            "kind": "sub_dossier",
            "title": "Hồ sơ liên quan",
            "type": CHILD,
            "of": {"departments": units},
            "wait_for": self.chance.choice(["all", "any", "none"]),
            "answers": {"subject": "subject", "amount": "amount"},
            "with_parent": self.chance.choice(["withdraw", "keep"]),
        }

    def choice(self, depth: int, parallel: bool) -> dict[str, Any]:
        limit = self.chance.choice([1, 10_000_000_000])
        branches = [
            {"when": f"amount > {limit}", "steps": self.steps(depth + 1, parallel=parallel)},
            {"otherwise": True, "steps": self.chance.choice([[], self.steps(depth + 1, parallel=parallel)])},
        ]
        return {"id": self.name(), "kind": "choice", "title": "Nếu", "branches": branches}

    def block(self, depth: int, parallel: bool) -> dict[str, Any]:
        branches = [{"steps": self.voting(depth + 1)} for _ in range(self.chance.randint(2, 3))]
        for branch in branches:
            branch["weight"] = self.chance.choice([1, 1, 3])
        quorum = {"quorum": self.chance.randint(1, len(branches))}
        rule = self.chance.choice(
            ["all", "any", quorum, {"weight": 2}, {"share": self.chance.randint(1, 100)}]
        )
        return self.gathering("parallel", parallel, rule) | {"branches": branches}

    def gathering(self, kind: str, parallel: bool, rule: Any) -> dict[str, Any]:
        lost = "continue" if parallel else self.chance.choice(["reject", "return", "continue"])
        veto = self.chance.random() < 0.2
        spec = {"id": self.name(), "kind": kind, "title": "Song song", "rule": rule}
        return spec | {"if_lost": lost, "veto": veto}

    def each(self, depth: int, parallel: bool) -> dict[str, Any]:
        self.units += 1
        body = self.voting(depth + 1)
        self.units -= 1
        units = self.chance.sample(["TC", "KT", "DT"], self.chance.randint(1, 3))
        quorum = {"quorum": min(2, len(units))}
        rule = self.chance.choice(["all", "any", quorum, {"share": self.chance.randint(1, 100)}])
        of = self.chance.choice([{"departments": units}, {"people": ["tc1", "kt1"]}, {"answers": ["unit"]}])
        spec = self.gathering("each", parallel, rule) | {"of": of, "branches": [{"steps": body}]}
        return spec | {"order": self.chance.choice(["parallel", "sequence"])}


@pytest.fixture
def office(settings, monkeypatch):
    settings.WEBHOOKS = {"erp": {"url": "http://127.0.0.1:9/", "secret": "x", "timeout": 1}}
    # The other system answers at once; what happens when it does not is tested elsewhere.
    monkeypatch.setattr("workflows.engine.errand_kinds.post", lambda *_args, **_options: {"status": 200})
    office = make_office()
    office.people["root"] = UserFactory(username="root", is_superuser=True)
    office.publish(definition(approve("ok", {"position": "chair", "department": "LD"}), code=CHILD))
    return office


def open_tasks(dossier: Dossier, kind: str = "HUMAN") -> list[Any]:
    unfinished = Task.objects.filter(process__dossierprocess__dossier=dossier, finished__isnull=True)
    return list(unfinished.filter(flow_task_type=kind).order_by("pk"))


def let_go_on(dossier: Dossier, office: Any, chance: random.Random) -> None:
    """Let the world turn: linked dossiers are opened and decided, time passes, waits end."""
    run_errands()
    for link in SubDossier.objects.filter(parent=dossier, child__state="running"):
        if chance.random() < 0.5:
            outcome = chance.choice(["approve", "reject"])
            decide(task_of(link.child, "ok").pk, by=office.chair, outcome=outcome, note="vì thế")
    if chance.random() < 0.5:
        waits = Task.objects.filter(flow_task_type="WAIT", status="SCHEDULED", finished__isnull=True)
        waits.update(scheduled=timezone.now() - timedelta(minutes=1))
    wake_waiting()


def step_of(task: Any) -> str:
    return step_id_of(task.flow_task.name)


def who_can(task: Any, dossier: Dossier, office: Any) -> list[Any]:
    people = [office.people[name] for name in sorted(office.people)]
    if task.owner_id:
        found = [person for person in people if person.pk == task.owner_id]
    else:
        found = [person for person in people if task.owner_permission in principals_of(person)]
    own = dossier.submitter_id if task.flow_task.not_submitter else None
    return [person for person in found if person.pk != own]


def is_sound(dossier: Dossier, office: Any) -> None:
    """Check what must hold after every act."""
    dossier.refresh_from_db()
    tasks, waits = open_tasks(dossier), open_tasks(dossier, "WAIT")
    assert Counter(dossier.open_steps) == Counter(map(step_of, [*tasks, *waits]))
    assert dossier.is_open == bool(tasks or waits)
    for task in tasks:
        assert who_can(task, dossier, office), f"nobody can do {step_of(task)}"
    waiting = Process.objects.get(dossierprocess__dossier=dossier)
    assert (waiting.finished is None) == dossier.is_open


def is_over(dossier: Dossier) -> None:
    """Check what must hold at the end."""
    tasks = Task.objects.filter(process__dossierprocess__dossier=dossier)
    assert not tasks.filter(finished__isnull=True).exists()
    ends = tasks.filter(flow_task_type="END").count()
    assert ends == (0 if dossier.state == Dossier.State.WITHDRAWN else 1)
    verbs = Counter(entry.verb for entry in entries_for(dossier.target))
    done = tasks.filter(flow_task_type="HUMAN", status="DONE").count()
    assert verbs["task.decided"] - verbs["task.recalled"] == done
    assert verbs["dossier.held"] + verbs["dossier.supplement"] == dossier.pauses.count()
    assert not dossier.pauses.filter(ended_at__isnull=True).exists()
    assert dossier.closed_at is not None
    run_errands()
    failed = Errand.objects.filter(dossier=dossier).exclude(state__in=["done", "cancelled"])
    assert not failed.exists(), [errand.error for errand in failed]


def hold_and_go_on(dossier: Dossier, office: Any, chance: random.Random) -> None:
    """Let the clock stand still, in one of both ways, and let it go on in one of three."""
    tasks = [task for task in open_tasks(dossier) if step_of(task) not in ("rework", "supplement")]
    if not tasks or chance.random() < 0.3:
        hold(dossier.pk, by=office.root, reason="Chờ")
    else:
        task = chance.choice(tasks)
        request_supplement(task.pk, by=chance.choice(who_can(task, dossier, office)), reason="Thiếu")
    is_sound(dossier, office)
    wake_waiting()
    is_sound(dossier, office)
    supplement = [task for task in open_tasks(dossier) if step_of(task) == "supplement"]
    if chance.random() < 0.1:
        withdraw(dossier.pk, by=dossier.submitter, reason="Đổi ý")
    elif supplement and (dossier.submitter == office.root or chance.random() < 0.7):
        answers = {"subject": "Lại", "amount": 5}
        decide(supplement[0].pk, by=dossier.submitter, outcome="complete", answers=answers)
    else:
        resume(dossier.pk, by=office.root)


def take_back(dossier: Dossier, office: Any, chance: random.Random) -> None:
    """Recall the newest decision, if that can be done."""
    done = Task.objects.filter(process__dossierprocess__dossier=dossier, status="DONE")
    task = done.filter(flow_task_type="HUMAN").order_by("-finished", "-pk").first()
    if task is not None and task.owner is not None and may_recall(task, task.owner):
        recall(task.pk, by=task.owner)


def hand_on(dossier: Dossier, office: Any, chance: random.Random) -> None:
    """Give a task to somebody else."""
    tasks = open_tasks(dossier)
    if tasks:
        task = chance.choice(tasks)
        receivers = list(candidates_for(task, office.root))
        reassign(task.pk, by=office.root, to=chance.choice(receivers), reason="Vắng")


def change_participants(dossier: Dossier, office: Any, chance: random.Random) -> None:
    """Let somebody join a block that runs, or leave it."""
    blocks = [spec.id for spec in definition_of(dossier.version).steps_by_id.values()]
    running = [(block, one) for block in blocks for one in open_rounds(dossier, block, office.root)]
    if not running:
        return
    block, one = chance.choice(running)
    assert one.leads
    people = [f"user:{office.people[name].pk}" for name in ("dt1", "vp1", "ann", "head_kt")]
    asked = [part.item for part in one.participants]
    with suppress(InvalidActError):  # they take part already, have voted, or are the last one
        if chance.random() < 0.5:
            add_participant(dossier.pk, block, by=office.root, item=chance.choice(people), key=one.key)
        else:
            item = chance.choice(asked)
            remove_participant(dossier.pk, block, by=office.root, item=item, reason="x", key=one.key)


ASIDE = [hold_and_go_on, take_back, take_back, hand_on, change_participants, change_participants]


def play(dossier: Dossier, office: Any, chance: random.Random) -> None:
    """Act by chance until the dossier is closed; after a while only forwards."""
    for acts in count():
        is_sound(dossier, office)
        if not dossier.is_open:
            return
        assert acts < 400, "the dossier goes round and round"
        if chance.random() < 0.01:
            withdraw(dossier.pk, by=dossier.submitter, reason="Đổi ý")
            continue
        if acts < 60 and chance.random() < 0.2:
            chance.choice(ASIDE)(dossier, office, chance)
            continue
        tasks = open_tasks(dossier)
        if not tasks or (open_tasks(dossier, "WAIT") and chance.random() < 0.3):
            let_go_on(dossier, office, chance)
            continue
        task = chance.choice(tasks)
        actor = chance.choice(who_can(task, dossier, office))
        if task.owner_permission and not task.owner_id and chance.random() < 0.3:
            claim(task.pk, by=actor)
            if chance.random() < 0.3:
                release(task.pk, by=actor)
            continue
        spec = task.flow_task.spec
        known = [outcome.code for outcome in steps.get(spec.kind).outcomes(spec)]
        outcome = chance.choice(known) if acts < 60 else known[0]
        to = goal(task, outcome, chance)
        answers = None
        if definition_of(dossier.version).form_of(spec) is not None:
            answers = {"subject": "Lại", "amount": 5, "unknown": "x", f"{spec.id}_note": "đã ghi"}
        decide(task.pk, by=actor, outcome=outcome, note="vì thế", answers=answers, to=to)


def goal(task: Any, outcome: str, chance: random.Random) -> str:
    """Pick the step that a return goes back to."""
    spec = task.flow_task.spec
    chosen = next(one for one in steps.get(spec.kind).outcomes(spec) if one.code == outcome)
    goals = goals_of(task, chosen)
    return chance.choice(goals).id if goals else ""


@settings(
    max_examples=32, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
@given(chance=st.randoms(use_true_random=False))
def test_every_definition_can_be_played_to_one_end(office, chance):
    maker = Maker(chance)
    raw = maker.definition()
    assert errors(check(Definition.parse(raw))) == []
    version = office.publish(raw)
    for submitter in (office.ann, office.head_tc, office.chair, office.root):
        dossier = open_for(office, version, by=submitter)
        play(dossier, office, maker.chance)
        is_over(dossier)
    assert verify() is None


def nested(rule: Any, lost: str) -> dict[str, Any]:
    inner = {
        "id": "inner",
        "kind": "parallel",
        "title": "Trong",
        "rule": "any",
        "if_lost": "continue",
        "branches": [{"steps": [review("c", "TC")]}, {"steps": [review("d", "KT")]}],
    }
    outer = {
        "id": "outer",
        "kind": "parallel",
        "title": "Ngoài",
        "rule": rule,
        "if_lost": lost,
        "branches": [
            {"steps": [review("a", "TC")]},
            {"steps": [inner]},
            {"steps": [review("e", "TC"), review("f", "KT")]},
        ],
    }
    return definition(outer)


@pytest.mark.parametrize(("rule", "needed"), [("all", 3), ("any", 1), ({"quorum": 2}, 2)])
@pytest.mark.parametrize("lost", ["reject", "return"])
def test_nested_blocks_decide_as_their_rules_say_in_every_order(office, rule, needed, lost):
    version = office.publish(nested(rule, lost))
    chance = random.Random(f"{rule}{lost}")
    voters = {"a": office.tc1, "c": office.tc1, "d": office.kt1, "e": office.tc1, "f": office.kt1}
    for votes in product([True, False], repeat=len(voters)):
        vote = dict(zip(voters, votes, strict=True))
        # The last opinion of a branch is the branch's opinion.
        agreed = [vote["a"], vote["c"] or vote["d"], vote["f"]].count(True)
        dossier = open_for(office, version)
        while dossier.state == Dossier.State.RUNNING:
            task = chance.choice(open_tasks(dossier))
            step = step_of(task)
            decide(task.pk, by=voters[step], outcome="agree" if vote[step] else "disagree", note="vì thế")
            is_sound(dossier, office)
        expected = "approved" if agreed >= needed else {"reject": "rejected", "return": "returned"}[lost]
        assert dossier.state == expected, vote


def test_an_opinion_on_the_way_does_not_decide_for_its_branch(office):
    """The first of two opinions in a branch is not the branch's: the block waits for the second."""
    version = office.publish(nested("any", "reject"))
    dossier = open_for(office, version)
    by_step = {step_of(task): task for task in open_tasks(dossier)}
    decide(by_step["e"].pk, by=office.tc1, outcome="agree")
    decide(by_step["a"].pk, by=office.tc1, outcome="disagree", note="Không")
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.RUNNING
    assert "f" in dossier.open_steps


def test_a_branch_in_which_perhaps_nobody_votes_is_pointed_out():
    choice = {
        "id": "big",
        "kind": "choice",
        "title": "Lớn?",
        "branches": [
            {"when": "amount > 5", "steps": [review("b", "TC")]},
            {"otherwise": True, "steps": []},
        ],
    }
    block = {
        "id": "opinions",
        "kind": "parallel",
        "title": "Ý kiến",
        "branches": [{"steps": [review("a", "TC")]}, {"steps": [choice]}],
    }
    make_office()
    codes = {finding.code for finding in check(Definition.parse(definition(block)))}
    assert codes == {"flows.W042"}


def test_a_pool_of_only_the_submitter_counts_as_vacant(office):
    office.tc1.memberships.all().delete()
    office.head_tc.memberships.all().delete()
    version = office.publish(definition(approve("sign", {"pool": {"department": "TC"}})))
    dossier = open_for(office, version, by=office.tc2)
    [task] = open_tasks(dossier)
    assert task.owner == office.chief
    assert task.data["why"].startswith("fallback:")
