"""A try-out walks the flow on the engine itself, says what would happen, and leaves nothing behind."""

from __future__ import annotations

from django.utils import timezone

from tests.factories.flows import ANSWERS, CHIEF, approve, definition, opinions, review, signature_flow
from workflows.definitions.api import Definition
from workflows.engine.api import LATE, Sample, SampleAct, play

CHAIR = {"position": "chair", "department": "LD"}


def tried(office, raw, answers=None, choices=None, by=None):
    """Try a raw definition out."""
    sample = Sample(by or office.ann, ANSWERS | (answers or {}), choices or {})
    return play(Definition.parse(raw), sample)


def line(trial, step, nth=0):
    """Return the line of the nth visit to a step."""
    return [row for row in trial.steps if row.step == step and row.sort != "join"][nth]


def test_the_walk_goes_to_the_end(office):
    trial = tried(office, signature_flow())
    assert [row.mark() for row in trial.steps] == [
        ["opinions", ""],
        ["op_tc", "agree"],
        ["op_kt", "agree"],
        ["op_dt", "closed:decided"],
        ["opinions", "won"],
        ["big", "2"],
        ["sign", "approve"],
        ["tell", ""],
        ["approved", "approved"],
    ]
    assert (trial.state, trial.stopped, trial.ended) == ("approved", "", True)
    assert trial.number == f"01/{timezone.localdate().year}-TTr"


def test_it_says_who_would_get_a_step_and_why(office):
    trial = tried(office, signature_flow())
    pool, chair = line(trial, "op_tc"), line(trial, "sign")
    assert pool.holder == "Cán bộ Phòng TC"
    assert str(office.tc1) in pool.people
    assert pool.actor == str(office.head_tc)
    assert (chair.holder, chair.tried) == (str(office.chair), [])
    assert "chức vụ" in chair.why
    assert chair.rule == "chair, Phòng LD"


def test_it_says_which_rules_found_nobody(office):
    raw = definition(approve("sign", {"deputy_of": "TC"}))
    row = line(tried(office, raw), "sign")
    assert row.holder == str(office.chief)
    assert len(row.tried) == 1
    assert "Phòng TC" in row.tried[0]


def test_it_says_which_values_decided(office):
    small = line(tried(office, signature_flow()), "big")
    large = tried(office, signature_flow(), {"amount": 60_000_000})
    assert small.result == "2"
    assert "10.000.000" in small.weighed[0]
    assert line(large, "big").result == "1"
    assert line(large, "finance").actor == str(office.head_tc)


def test_another_answer_is_another_path(office):
    one, other = (tried(office, signature_flow(), {"amount": n}) for n in (1, 60_000_000))
    assert one.path() != other.path()
    assert ["finance", "approve"] in other.path()["steps"]


def test_the_sample_chooses_outcomes_once_each(office):
    back = {"sign": [SampleAct("return", note="Bổ sung")]}
    trial = tried(office, signature_flow(), choices=back)
    assert line(trial, "sign").outcome == "return"
    assert line(trial, "sign").goal == "Người nộp hoàn thiện lại"
    assert line(trial, "rework").actor == str(office.ann)
    assert line(trial, "sign", 1).outcome == "approve"
    assert trial.state == "approved"


def test_a_lost_block_goes_back_and_is_asked_again(office):
    no = [SampleAct("disagree", note="Không")]
    trial = tried(office, signature_flow(), choices={"op_tc": no, "op_kt": no})
    joins = [row.result for row in trial.steps if row.sort == "join"]
    assert joins == ["lost", "won"]
    assert line(trial, "rework").outcome == "resubmit"


def test_what_turns_in_a_circle_stops_with_words(office):
    again = {"sign": [SampleAct("return")] * 20}
    trial = tried(office, signature_flow(), choices=again)
    assert not trial.ended
    assert "Ý kiến TC" in trial.stopped
    assert len([row for row in trial.steps if row.step == "op_tc"]) == 9


def test_too_many_acts_stop_with_words(office, monkeypatch):
    monkeypatch.setattr("workflows.engine.trying_out.MAX_ACTS", 2)
    trial = tried(office, signature_flow())
    assert "2" in trial.stopped
    assert line(trial, "op_kt").outcome == "agree"


def test_it_stops_when_the_time_is_over(office, monkeypatch):
    monkeypatch.setattr("workflows.engine.trying_out.MAX_SECONDS", 0.0)
    trial = tried(office, signature_flow())
    assert trial.stopped
    assert not trial.ended


def test_due_dates_come_with_their_count(office):
    raw = definition(approve("sign", CHAIR, days=2), days=10)
    trial = tried(office, raw)
    row = line(trial, "sign")
    assert row.due_at is not None
    assert row.counted[-1].number == 2
    assert row.counted[-1].day == timezone.localdate(row.due_at)
    assert trial.counted[-1].day == timezone.localdate(trial.due_at)


def test_notices_name_people_and_ways(office):
    trial = tried(office, signature_flow())
    told = line(trial, "sign").told
    assert [(one.person, one.ways) for one in told] == [(str(office.chair), ("Thư điện tử",))]
    assert "Tờ trình mua máy" in told[0].subject
    assert {one.person for one in line(trial, "tell").told} >= {str(office.vp1), str(office.vp2)}
    assert [one.person for one in trial.steps[-1].told] == [str(office.ann)]


def test_a_muted_way_is_left_out(office):
    from home.notifications.models import Preference

    Preference.objects.create(user=office.vp1, kind="dossier.told", channel="mail", enabled=False)
    told = {one.person: one.ways for one in line(tried(office, signature_flow()), "tell").told}
    assert told[str(office.vp1)] == ()
    assert told[str(office.vp2)] == ("Thư điện tử",)


def test_numbers_go_on_from_where_the_register_stands(office):
    from tests.factories.flows import open_for

    open_for(office, office.publish(signature_flow()))
    year = timezone.localdate().year
    assert tried(office, signature_flow()).number == f"02/{year}-TTr"
    raw = definition(
        approve("sign", CHAIR),
        {
            "id": "issue",
            "kind": "number",
            "title": "Cấp số",
            "register": "TTr",
            "pattern": "{number}/{code}",
            "key": "symbol",
            "label": "Số",
        },
    )
    trial = tried(office, raw)
    assert (trial.number, line(trial, "issue").number) == (f"02/{year}-TTr", "3/TTr")


def test_waits_are_over_at_once(office):
    late = {"id": "tell", "kind": "notify", "title": "Quá hạn", "to": [{"submitter": True}]}
    wait = {"id": "pause", "kind": "wait", "title": "Chờ", "days": 30}
    cond = {
        "id": "signed",
        "kind": "wait",
        "title": "Chờ ký",
        "when": "amount > 90000000",
        "at_most": 5,
        "branches": [{"steps": [late]}],
    }
    raw = definition(wait, cond, approve("sign", CHAIR))
    trial = tried(office, raw)
    assert [row.mark() for row in trial.steps][:3] == [
        ["pause", "over"],
        ["signed", "over"],
        ["sign", "approve"],
    ]
    trial = tried(office, raw, choices={"signed": [SampleAct("late")]})
    assert [row.step for row in trial.steps][:4] == ["pause", "signed", "tell", "sign"]


def test_a_step_may_be_left_to_be_late(office):
    step = approve(
        "sign",
        {"pool": {"department": "TC"}},
        days=2,
        remind=[{"days": 1}],
        late=[
            {"days": 0, "do": "remind"},
            {"days": 1, "do": "reassign", "to": {"user": "chair"}},
            {"days": 2, "do": "outcome", "outcome": "reject", "note": "Quá hạn"},
        ],
    )
    assert len(line(tried(office, definition(step)), "sign").clock) == 4
    trial = tried(office, definition(step), choices={"sign": [SampleAct(LATE)]})
    row = line(trial, "sign")
    assert any(str(office.chair) in event for event in row.events)
    assert (row.outcome, trial.state) == ("reject", "rejected")


def test_errands_are_named_and_not_done(office, settings):
    from workflows.dossiers.api import Errand

    settings.WEBHOOKS = {"erp": {"url": "http://127.0.0.1:1/", "secret": "x", "timeout": 1}}
    office.publish(
        definition(approve("a", CHAIR), code="ke-hoach", register={"code": "KH", "pattern": "{number}"})
    )
    raw = definition(
        {"id": "tell_erp", "kind": "webhook", "title": "Báo", "target": "erp", "answers": ["amount"]},
        {
            "id": "plans",
            "kind": "sub_dossier",
            "title": "Kế hoạch",
            "type": "ke-hoach",
            "of": {"departments": ["TC", "KT"]},
            "answers": {"subject": "subject", "amount": "amount"},
        },
        {
            "id": "enough",
            "kind": "choice",
            "title": "Đủ?",
            "branches": [
                {"when": "plans_approved == 2", "steps": [approve("sign", CHAIR)]},
                {"otherwise": True},
            ],
        },
        approve("last", CHAIR),
    )
    trial = tried(office, raw)
    assert "erp" in line(trial, "tell_erp").calls[0]
    assert "10.000.000" in line(trial, "tell_erp").calls[0]
    assert len(line(trial, "plans").calls) == 2
    assert line(trial, "enough").result == "1"
    assert not Errand.objects.exists()
    assert line(tried(office, raw, {"plans_approved": 1}), "enough").result == "2"


def test_questions_of_steps_are_answered(office):
    entry = {
        "id": "more",
        "kind": "data_entry",
        "title": "Nhập",
        "who": CHAIR,
        "fallback": CHIEF,
        "fields": [
            {"key": "votes", "kind": "number", "label": "Số phiếu", "required": True, "min": 3},
            {"key": "meets_on", "kind": "date", "label": "Ngày", "required": True},
            {"key": "unit", "kind": "department", "label": "Đơn vị", "required": True},
            {"key": "who_else", "kind": "person", "label": "Người", "required": True},
            {"key": "mail", "kind": "email", "label": "Thư", "required": True},
            {"key": "tel", "kind": "phone", "label": "ĐT", "required": True},
            {"key": "yes", "kind": "yes_no", "label": "Có?", "required": True},
            {
                "key": "pick",
                "kind": "choice",
                "label": "Chọn",
                "required": True,
                "several": True,
                "choices": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}],
            },
            {"key": "scan", "kind": "file", "label": "Tệp", "required": True},
        ],
    }
    calc = {
        "id": "fee",
        "kind": "set_value",
        "title": "Phí",
        "values": [{"field": {"key": "fee", "kind": "money", "label": "Phí"}, "to": "amount / 10"}],
    }
    trial = tried(office, definition(entry, calc), choices={"more": [SampleAct(answers={"votes": 7})]})
    answers = dict(line(trial, "more").answers)
    assert answers["Số phiếu"] == "7"
    assert len(answers) == 8
    assert line(trial, "fee").answers == [("Phí", "1.000.000\u00a0₫")]
    assert trial.state == "approved"


def test_a_leaders_note_and_a_capacity_are_made_up(office):
    note = {
        "id": "note",
        "kind": "assign",
        "title": "Bút phê",
        "who": CHAIR,
        "fallback": CHIEF,
        "due": "required",
    }
    each = {
        "id": "units",
        "kind": "each",
        "title": "Các đơn vị",
        "of": {"instruction": {"step": "note", "role": "support"}},
        "branches": [
            {
                "steps": [
                    {
                        "id": "op",
                        "kind": "review",
                        "title": "Ý kiến",
                        "who": {"item": "head"},
                        "fallback": {"item": "anyone"},
                    }
                ]
            }
        ],
    }
    sign = {"id": "sign", "kind": "sign", "title": "Ký", "who": CHAIR, "fallback": CHIEF}
    trial = tried(office, definition(note, each, sign))
    assert len(line(trial, "units").people) == 1
    assert line(trial, "op").item
    assert trial.state == "approved"


def test_a_person_who_may_not_start_is_told_so(office):
    raw = signature_flow(start={"departments": ["TC"]})
    trial = tried(office, raw)
    assert str(office.ann) in trial.stopped
    assert trial.steps == []


def test_a_faulty_definition_gives_findings(office):
    trial = tried(office, definition(opinions(rule={"quorum": 4})))
    assert [finding.code for finding in trial.findings] == ["flows.E040"]
    assert trial.stopped
    assert trial.steps == []


def test_an_outcome_that_is_gone_stops_with_words(office):
    trial = tried(office, signature_flow(), choices={"sign": [SampleAct("sign_it")]})
    assert "sign_it" in trial.stopped


def test_a_condition_that_fails_on_the_sample_stops_with_words(office):
    raw = definition(
        {
            "id": "c",
            "kind": "choice",
            "title": "?",
            "branches": [{"when": "10 / (amount - amount) > 5"}, {"otherwise": True}],
        },
        approve("sign", CHAIR),
    )
    trial = tried(office, raw)
    assert "10 / (amount - amount) > 5" in trial.stopped


def test_a_kind_that_breaks_stops_with_words(office, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("plugin")

    monkeypatch.setattr("workflows.steps.kinds.notify._tell", broken)
    trial = tried(office, signature_flow())
    assert "RuntimeError" in trial.stopped
    assert line(trial, "sign").outcome == ""


def test_broken_choices_are_left_out():
    from workflows.engine.api import read_choices

    assert read_choices(None) == {}
    assert read_choices({"a": 5, "b": [7, {"outcome": 3, "to": "x"}]}) == {
        "b": (SampleAct(), SampleAct(to="x"))
    }
    act = SampleAct("return", "a", "b", {"k": 1})
    assert SampleAct.read(act.data()) == act


def test_reviews_of_pools_where_only_the_submitter_is(office):
    raw = definition(review("op", "DT"))
    trial = tried(office, raw, by=office.head_dt)
    assert line(trial, "op").actor != str(office.head_dt)
