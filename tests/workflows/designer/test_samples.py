"""Sample cases are the tests of a flow: they are walked again before each publication."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories.flows import ANSWERS, signature_flow
from tests.workflows.designer.test_tryout import typed, url
from workflows.definitions.api import Definition, PublishError
from workflows.designer.models import SampleCase
from workflows.designer.publishing import findings_before_publication, publish_draft
from workflows.designer.reading import definition_of_draft, draft_from
from workflows.designer.samples import compared, run, runs_of, store
from workflows.engine.api import Sample, SampleAct, play

pytestmark = pytest.mark.django_db


def kept(draft, office, name="Mẫu nhỏ", choices=None, **answers):
    """Return a stored sample of a draft."""
    sample = Sample(office.ann, ANSWERS | answers, choices or {})
    return store(draft, name, sample, play(definition_of_draft(draft), sample), by=office.vp1)


def changed(draft, change):
    """Return the draft after a change of its definition, which is saved as a revision."""
    raw = signature_flow()
    change(raw)
    made = draft_from(Definition.parse(raw), draft)
    made.save()
    made.save_revision()
    return made


def test_a_sample_is_kept_with_the_way_that_it_took(office, draft, client):
    client.force_login(office.vp1)
    answer = client.post(
        url("try", draft.pk), typed(office, save=1, name="Mẫu trả lại", **{"at-sign-0": "return"})
    )
    case = SampleCase.objects.get()
    assert answer["Location"].endswith(f"?case={case.pk}")
    assert (case.name, case.submitter, case.by) == ("Mẫu trả lại", office.ann, office.vp1)
    assert case.choices == {"sign": [{"outcome": "return"}]}
    assert ["sign", "return"] in case.expected["steps"]
    assert case.expected["end"] == "approved"
    page = client.get(answer["Location"]).content.decode()
    assert "Người nộp hoàn thiện lại" in page


def test_a_sample_keeps_its_name_to_itself(office, draft, client):
    client.force_login(office.vp1)
    case = kept(draft, office, "Mẫu")
    client.post(url("try", draft.pk), typed(office, save=1, name="Mẫu"))
    assert SampleCase.objects.count() == 1
    client.post(
        url("try", draft.pk), typed(office, save=1, name="Mẫu", case=case.pk, **{"q-amount": "60.000.000"})
    )
    case.refresh_from_db()
    assert case.answers["amount"] == 60_000_000
    client.post(url("try", draft.pk), typed(office, save=1, name="  "))
    assert SampleCase.objects.count() == 1


def test_too_many_samples_are_refused(office, draft, client, monkeypatch):
    monkeypatch.setattr("workflows.designer.tryout_views.MAX_SAMPLES", 1)
    client.force_login(office.vp1)
    kept(draft, office)
    client.post(url("try", draft.pk), typed(office, save=1, name="Khác"))
    assert SampleCase.objects.count() == 1


def test_a_sample_that_goes_as_before_says_nothing(office, draft):
    kept(draft, office)
    assert findings_before_publication(draft) == []
    assert [one.state for one in runs_of(draft, definition_of_draft(draft))] == ["same"]


def test_a_sample_that_takes_another_way_asks(office, draft):
    kept(draft, office)

    def lower(raw):
        raw["flow"]["steps"][1]["branches"][0]["when"] = "amount > 5000000"

    made = changed(draft, lower)
    [finding] = findings_before_publication(made)
    assert (finding.code, finding.level) == ("flows.W161", "warning")
    [one] = runs_of(made, definition_of_draft(made))
    assert ("new", "Duyệt finance: Phê duyệt") in one.lines
    assert publish_draft(made, by=office.chief).number == 1


def test_a_sample_that_fails_refuses(office, draft):
    kept(draft, office, choices={"sign": [SampleAct("return")]})

    def drop(raw):
        raw["flow"]["steps"][2]["outcomes"] = ["approve", "reject"]

    made = changed(draft, drop)
    [finding] = findings_before_publication(made)
    assert (finding.code, finding.level, finding.step) == ("flows.E162", "error", "sign")
    assert finding.place == "flow.steps[2]"
    with pytest.raises(PublishError):
        publish_draft(made, by=office.chief)


def test_want_of_time_refuses_nothing(office, draft, monkeypatch):
    kept(draft, office)
    monkeypatch.setattr("workflows.engine.trying_out.MAX_SECONDS", 0.0)
    [finding] = findings_before_publication(draft)
    assert (finding.code, finding.level) == ("flows.W163", "warning")
    assert publish_draft(draft, by=office.chief).number == 1


def test_a_sample_whose_submitter_left_fails(office, draft):
    case = kept(draft, office)
    office.ann.is_active = False
    office.ann.save()
    case.refresh_from_db()
    assert run(case, definition_of_draft(draft)).state == "failed"


def test_broken_rows_are_read_as_far_as_they_go(office, draft):
    case = SampleCase.objects.create(
        draft=draft, name="x", submitter=office.ann, answers=["?"], choices=7, expected={"steps": "abc"}
    )
    assert run(case, definition_of_draft(draft)).differs
    assert compared(
        {"steps": [["gone", "closed:decided"], ["opinions", "won"], 5]}, {}, definition_of_draft(draft)
    )


def test_all_samples_are_shown_side_by_side(office, draft, client):
    kept(draft, office)
    changed(draft, lambda raw: raw["flow"]["steps"].pop(2))
    client.force_login(office.vp1)
    page = client.get(url("try-all", draft.pk)).content.decode()
    assert "tryout-run--differs" in page
    assert "<del>sign: approve</del>" in page


def test_a_sample_can_be_deleted(office, draft, client):
    client.force_login(office.vp1)
    case = kept(draft, office)
    assert client.get(url("forget-sample", draft.pk, case.pk)).status_code == 405
    client.post(url("forget-sample", draft.pk, case.pk))
    assert not SampleCase.objects.exists()
    assert client.post(url("forget-sample", draft.pk, case.pk)).status_code == 404


def test_a_sample_of_another_draft_is_not_found(office, draft, client):
    other = draft_from(Definition.parse(signature_flow(code="khac", department="VP")))
    other.save()
    other.save_revision()
    case = kept(other, office)
    client.force_login(office.vp1)
    assert client.get(f"{url('try', draft.pk)}?case={case.pk}").status_code == 404
    assert client.get(f"{url('try', draft.pk)}?case=abc").status_code == 404
    assert client.post(url("forget-sample", draft.pk, case.pk)).status_code == 404


def test_publishing_in_the_editor_asks_because_of_samples(office, draft, client):
    from tests.workflows.designer.posting import posted

    kept(draft, office, amount=60_000_000)
    changed(draft, lambda raw: raw["flow"]["steps"].pop(1))
    client.force_login(office.chief)
    form = client.get(url("edit", draft.pk)).context["form"]
    answer = client.post(url("edit", draft.pk), posted(form) | {"action-publish": "1"})
    assert "flows.W161" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.type is None
    assert reverse("wagtailadmin_home")
