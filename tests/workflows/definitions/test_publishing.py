"""Publishing freezes what passed every check."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from home.audit.api import entries_for
from tests.factories.flows import act, approve, definition, open_for, opinions, review, signature_flow
from workflows.definitions.api import Definition, PublishError, check, lint, publish
from workflows.dossiers.api import DossierType, FlowVersion
from workflows.engine.api import InvalidActError, open_dossier

CHAIR = {"position": "chair", "department": "LD"}


def codes(raw):
    return {finding.code for finding in lint(Definition.parse(raw))}


def choice(*branches):
    return {"id": "big", "kind": "choice", "title": "?", "branches": list(branches)}


def nested():
    """Return a parallel block inside a branch of another, that would return to the submitter."""
    inner = opinions(id="inner", branches=[{"steps": [review("a", "TC")]}, {"steps": [review("b", "KT")]}])
    return opinions(branches=[{"steps": [inner]}, {"steps": [review("c", "DT")]}])


def asking(**options):
    """Return a step that asks one more question, under a condition on the form's."""
    more = {"key": "more", "kind": "text", "label": "x", **options}
    who = {"who": CHAIR, "fallback": {"submitter": True}}
    return definition({"id": "more", "kind": "data_entry", "title": "x", **who, "fields": [more]})


CASES = {
    "flows.E010": definition(approve("sign", {"head_of": "XX"})),
    "flows.W011": definition(approve("sign", {"position": "chief", "department": "VP"})),
    "flows.E020": definition(approve("sign", CHAIR, outcomes=["reject"])),
    "flows.W021": definition(opinions(branches=[{"steps": [approve(f"a{n}", CHAIR)]} for n in "12"])),
    "flows.E030": definition(choice({"otherwise": True}, {"when": "amount > 5"}), approve("sign", CHAIR)),
    "flows.E031": definition(choice({"when": "amonut > 5"}, {"otherwise": True}), approve("sign", CHAIR)),
    "flows.E040": definition(opinions(rule={"quorum": 4})),
    "flows.E041": definition(nested()),
    "flows.W042": definition(opinions(rule="any", branches=[{"steps": [review("a", "TC")]}, {"steps": []}])),
    "flows.E050": definition(approve("sign", CHAIR), register={"code": "TTr", "pattern": "{year}-TTr"}),
    "flows.E051": definition(approve("sign", CHAIR), subject="nothing"),
    "flows.E052": definition({"id": "tell", "kind": "notify", "title": "x", "to": [{"submitter": True}]}),
    "flows.E053": definition(approve("sign", CHAIR), approve("sign", CHAIR)),
    "flows.E060": asking(show_if={"rows": [{"field": "gone", "op": "eq", "value": "1"}]}),
    "flows.W061": asking(show_if="amount > 5 && amount < 3"),
    "flows.E054": definition(
        approve("sign", CHAIR),
        {
            "id": "more",
            "kind": "data_entry",
            "title": "x",
            "who": CHAIR,
            "fallback": {"submitter": True},
            "fields": [{"key": "amount", "kind": "money", "label": "x"}],
        },
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_each_fault_has_its_code(office, code):
    assert code in codes(CASES[code])


def test_a_sound_flow_has_nothing_to_say(office):
    assert check(Definition.parse(signature_flow())) == []


def test_errors_refuse_and_store_nothing(office):
    with pytest.raises(PublishError) as caught:
        publish(Definition.parse(CASES["flows.E040"]))
    assert [finding.step for finding in caught.value.findings] == ["opinions"]
    assert not DossierType.objects.exists()


def test_warnings_only_ask(office):
    assert publish(Definition.parse(CASES["flows.W011"])).number == 1


def test_publishing_makes_the_next_version_and_audits_it(office, version):
    changed = signature_flow(days=7)
    second = publish(Definition.parse(changed), by=office.chief)
    assert (second.number, second.type.current) == (2, second)
    [_first, last] = entries_for(f"dossier-type:{second.type_id}")
    assert (last.by, last.data["sha256"]) == (office.chief, second.sha256)


def test_publishing_what_is_current_changes_nothing(office, version):
    assert publish(Definition.parse(signature_flow())) == version
    assert FlowVersion.objects.count() == 1


def test_a_version_never_changes_and_is_never_deleted(office, version):
    version.definition = {}
    with pytest.raises(ValidationError):
        version.save()
    with pytest.raises(ValidationError):
        version.delete()


def test_running_dossiers_stay_on_their_version(office, version):
    old = open_for(office, version)
    changed = signature_flow()
    changed["flow"]["steps"] = changed["flow"]["steps"][2:3]
    new = open_for(office, publish(Definition.parse(changed)))
    assert new.open_steps == ["sign"]
    act(old, "op_tc", office.tc1, "agree")
    old = act(old, "op_kt", office.kt1, "agree")
    assert old.open_steps == ["sign"]


def test_a_form_that_was_replaced_meanwhile_is_refused(office, version):
    publish(Definition.parse(signature_flow(days=9)))
    with pytest.raises(InvalidActError):
        open_dossier(version, by=office.ann, answers={"subject": "x", "amount": 1})


def test_the_checks_of_the_project_pass(db):
    try:
        call_command("check")
    except SystemCheckError as error:  # pragma: no cover
        pytest.fail(str(error))
