"""Who acts: every rule, and what happens when it finds nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from django.utils.translation import override

from home.notifications.api import Notification
from home.people.api import ADMIN_GROUP, Membership
from tests.factories.flows import act, approve, definition, open_for, review, task_of
from tests.factories.people import MembershipFactory
from tests.workflows.engine.test_stranded import leave
from workflows.definitions.api import Definition, lint
from workflows.dossiers.api import Instruction, InstructionParty
from workflows.engine.api import my_tasks
from workflows.steps.api import rules
from workflows.steps.who import read_rule


@pytest.fixture
def admin(office):
    from django.contrib.auth.models import Group

    group, _made = Group.objects.get_or_create(name=ADMIN_GROUP)
    group.user_set.add(office.vp2)
    return office.vp2


def asked(office, who, by=None, *before, **answers):
    """Return the task of a step with this rule, of a dossier that has just been opened."""
    raw = definition(*before, approve("sign", who))
    raw["form"]["sections"][0]["fields"] += [
        {"key": "unit", "kind": "department", "label": "Đơn vị"},
        {"key": "whom", "kind": "person", "label": "Người"},
    ]
    return task_of(open_for(office, office.publish(raw), by=by, **answers), "sign")


def make_deputy(office, name, code):
    Membership.objects.filter(user=office.people[name], department=office.departments[code]).update(
        role="deputy"
    )


def test_one_deputy_is_asked_by_name_and_several_share_the_task(office):
    make_deputy(office, "tc1", "TC")
    assert asked(office, {"deputy_of": "TC"}).owner == office.tc1
    make_deputy(office, "tc2", "TC")
    task = asked(office, {"deputy_of": "TC"})
    assert (task.owner, task.owner_permission) == (None, f"deputy:{office.departments['TC'].pk}")
    dossier = task.process.dossierprocess.dossier
    act(dossier, "sign", type(office.tc2).objects.get(pk=office.tc2.pk))
    assert task_of(dossier, "sign").owner == office.tc2


def test_without_a_deputy_the_fallback_is_asked_and_the_reason_kept(office):
    task = asked(office, {"deputy_of": "TC"})
    assert (task.owner, task.data["why"]) == (office.chief, "fallback:position")
    assert task.data["tried"] == [{"key": "who", "rule": "deputy_of", "why": "vacant"}]


def test_an_answer_names_a_person_or_the_head_of_a_unit(office):
    unit = {"id": office.departments["KT"].pk, "name": "Phòng KT"}
    person = {"id": office.kt2.pk, "name": "Kt2"}
    assert asked(office, {"answer": "unit"}, unit=unit).owner == office.head_kt
    assert asked(office, {"answer": "whom"}, whom=person).owner == office.kt2
    assert asked(office, {"head_of_answer": "unit"}, unit=unit).owner == office.head_kt
    assert asked(office, {"head_of_answer": "whom"}, whom=person).owner == office.head_kt


def test_an_answer_that_names_nobody_is_told(office):
    task = asked(office, {"answer": "unit"})
    assert task.data["tried"][0]["why"] == "unnamed"


def test_who_did_an_earlier_step_is_asked_again(office):
    raw = definition(review("first", "TC"), approve("sign", {"done_by": "first"}))
    dossier = open_for(office, office.publish(raw))
    act(dossier, "first", office.tc2, "agree")
    assert task_of(dossier, "sign").owner == office.tc2


def test_who_did_a_step_and_left_is_replaced(office):
    middle = approve("middle", {"user": "chair"})
    raw = definition(review("first", "TC"), middle, approve("sign", {"done_by": "first"}))
    dossier = open_for(office, office.publish(raw))
    act(dossier, "first", office.tc2, "agree")
    leave(office.tc2)
    act(dossier, "middle", office.chair)
    assert task_of(dossier, "sign").data["tried"][0] == {"key": "who", "rule": "done_by", "why": "left"}


def test_the_newest_instruction_of_a_step_says_who(office):
    raw = definition(review("first", "TC"), approve("sign", {"instruction": {"step": "first"}}))
    dossier = open_for(office, publish_unchecked(office, raw))
    for lead in ("DT", "KT"):
        note = Instruction.objects.create(
            dossier=dossier, step="first", task_id=task_of(dossier, "first").pk, by=office.chair
        )
        InstructionParty.objects.create(instruction=note, role="lead", department=office.departments[lead])
    act(dossier, "first", office.tc1, "agree")
    assert task_of(dossier, "sign").owner == office.head_kt


def publish_unchecked(office, raw):
    """Publish although a finding says that the step gives no instruction: another kind of step does."""
    from unittest.mock import patch

    with patch("workflows.definitions.publish.lint", return_value=[]):
        return office.publish(raw)


def test_the_head_who_submits_does_not_decide(office):
    task = asked(office, {"head_of": "TC"}, office.head_tc)
    assert (task.owner, task.data["tried"][0]["why"]) == (office.chief, "is_submitter")
    assert asked(office, {"head_of": "submitter"}, office.head_tc).owner == office.chair


def test_a_group_is_asked_in_turn_and_the_newcomer_first(office):
    rule = {"round_robin": {"department": "KT", "position": "officer"}}
    assert [asked(office, rule).owner for _ in range(4)] == [office.kt1, office.kt2] * 2
    new = MembershipFactory(
        department=office.departments["KT"], position=Membership.objects.get(user=office.kt1).position
    ).user
    assert [asked(office, rule).owner for _ in range(3)] == [new, office.kt1, office.kt2]


def test_the_submitter_loses_no_turn(office):
    rule = {"round_robin": {"department": "KT", "position": "officer"}}
    assert asked(office, rule, office.kt1).owner == office.kt2
    assert asked(office, rule).owner == office.kt1


def test_whoever_has_least_to_do_is_asked(office):
    rule = {"least_loaded": {"department": "KT", "position": "officer"}}
    asked(office, {"user": "kt1"})
    asked(office, {"user": "kt1"})
    assert [asked(office, rule).owner for _ in range(4)] == [office.kt2, office.kt2, office.kt1, office.kt2]
    assert len(my_tasks(office.kt1)) == 3


def test_nobody_at_all_goes_to_the_dispatchers_with_both_reasons(office, admin):
    leave(office.chief)
    task = asked(office, {"user": "chair"})
    assert task.owner == office.chair
    leave(office.chair)
    task = asked(office, {"user": "chair"})
    assert task.owner_permission == "dispatch"
    assert [row["why"] for row in task.data["tried"]] == ["left", "vacant"]
    assert Notification.objects.filter(recipient=admin, kind="task.stranded").count() == 1


def test_a_rule_that_fails_is_logged_and_the_fallback_asked(office, monkeypatch, caplog):
    def fail(self, at):
        raise ZeroDivisionError("broken data")

    version = office.publish(definition(approve("sign", {"head_of": "TC"})))
    monkeypatch.setattr(rules.get("head_of"), "resolve", fail)
    task = task_of(open_for(office, version), "sign")
    assert (task.owner, task.data["tried"][0]["why"]) == (office.chief, "fault")
    assert "broken data" in caplog.text


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ({"deputy_of": "XX"}, "flows.E010"),
        ({"round_robin": {"department": "XX"}}, "flows.E010"),
        ({"least_loaded": {"department": "TC", "position": "xx"}}, "flows.E010"),
        ({"done_by": "later"}, "flows.E070"),
        ({"done_by": "nothing"}, "flows.E070"),
        ({"answer": "nothing"}, "flows.E071"),
        ({"answer": "amount"}, "flows.E071"),
        ({"head_of_answer": "amount"}, "flows.E071"),
        ({"instruction": {"step": "first"}}, "flows.E072"),
        ({"instruction": {"step": "later"}}, "flows.E072"),
    ],
)
def test_what_a_rule_cannot_find_is_an_error(office, who, code):
    raw = definition(review("first", "TC"), approve("sign", who), approve("later", {"user": "chair"}))
    assert [finding.code for finding in lint(Definition.parse(raw))] == [code]


@pytest.mark.parametrize("code", rules.codes())
def test_every_rule_is_described_and_says_itself(office, code):
    reference = (Path(__file__).parents[3] / "docs/reference/definitions.md").read_text()
    [example, *_more] = re.findall(rf"^\| `(\{{{code}: .*?\}})`[,|\s]", reference, re.M)
    rule = read_rule(yaml.safe_load(example))
    assert type(rule).code == code
    with override("vi"):
        in_vietnamese = rule.words()
    with override("en"):
        in_english = rule.words()
    assert in_vietnamese
    assert code in ("user", "position") or in_vietnamese != in_english
