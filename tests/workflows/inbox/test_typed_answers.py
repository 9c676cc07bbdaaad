"""Answers on a task: conditions see the whole dossier, what is typed is kept, and gone once it is decided."""

import pytest

from home.forms.draft_models import FormDraft
from tests.factories.flows import definition, open_for, review, task_of

JSON = {"Accept": "application/json"}
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def waiting(office):
    """Return a dossier that waits for data from TC: a bank, if the amount is high, and a fee that follows."""
    bank = {"key": "bank", "kind": "text", "label": "Ngân hàng", "required": True, "show_if": "amount > 1000"}
    fee = {"key": "fee", "kind": "calculated", "label": "Phí", "calculation": "amount / 100 + days"}
    entry = {
        "id": "entry",
        "kind": "data_entry",
        "title": "Bổ sung",
        "who": {"pool": {"department": "TC"}},
        "fallback": {"position": "chief", "department": "VP"},
        "fields": [bank, {"key": "days", "kind": "number", "label": "Số ngày", "places": 0}, fee],
    }
    version = office.publish(definition(entry, review("second", "KT")))
    return lambda **answers: open_for(office, version, **answers)


def test_the_dossier_decides_what_a_step_asks_and_forged_answers_are_not_taken(office, waiting, as_user):
    low, high = waiting(amount=500), waiting(amount=5_000)
    client = as_user(office.tc1)
    for dossier, asked in ((low, False), (high, True)):
        address = f"/tasks/{task_of(dossier, 'entry').pk}/"
        assert ('name="bank"' in client.get(address).content.decode()) and asked in (True, False)
        sent = {"_key": KEY, "outcome": "complete", "bank": "", "days": "1", "fee": "1"}
        response = client.post(address, sent)
        assert (response.status_code == 302) is not asked
    low.refresh_from_db()
    assert "bank" not in low.answers and low.answers["fee"] == 6


def test_what_is_typed_is_kept_for_its_author_and_gone_after_the_decision(office, waiting, as_user):
    dossier = waiting(amount=5_000)
    address = f"/tasks/{task_of(dossier, 'entry').pk}/"
    client = as_user(office.tc1)
    typed = {"_key": KEY, "bank": "Kho bạc", "days": "hai"}
    told = client.post(address, typed | {"_go": "look"}, headers=JSON).json()
    assert told["hidden"] == [] and told["worked"] == {"fee": ""} and not FormDraft.objects.exists()
    assert client.post(address, typed | {"_go": "save"}, headers=JSON).json()["saved"]
    page = client.get(address).content.decode()
    assert 'value="Kho bạc"' in page and 'value="hai"' in page and "form-mistakes" not in page
    assert "Kho bạc" not in as_user(office.tc2).get(address).content.decode()
    assert client.post(address, typed | {"keep": "1", "days": "3", "note": ""}).status_code == 302
    assert 'value="3"' in client.get(address).content.decode()
    assert client.post(address, typed | {"days": "3", "outcome": "complete"}).status_code == 302
    dossier.refresh_from_db()
    assert dossier.answers["bank"] == "Kho bạc" and dossier.answers["fee"] == 53
    assert not FormDraft.objects.exists()


def test_an_outsider_keeps_nothing(office, waiting, as_user, unchanged):
    address = f"/tasks/{task_of(waiting(), 'entry').pk}/"
    with unchanged():
        sent = as_user(office.outsider).post(address, {"_key": KEY, "_go": "save", "days": "1"}, headers=JSON)
        assert sent.status_code == 404
    # Whoever may read along but not act keeps nothing either.
    sent = as_user(office.ann).post(address, {"_key": KEY, "_go": "save", "days": "1"}, headers=JSON)
    assert sent.status_code in (200, 302) and not FormDraft.objects.exists()
