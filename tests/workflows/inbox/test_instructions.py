"""Whoever carries out a leader's instruction reads it where they work."""

from __future__ import annotations

from tests.factories.flows import act, approve, definition, open_for, task_of

NOTE = {
    "id": "note",
    "kind": "assign",
    "title": "Bút phê",
    "who": {"head_of": "VP"},
    "fallback": {"head_of": "LD"},
}
DRAFT = approve("draft", {"instruction": {"step": "note", "role": "lead"}})
WORDS = "Chủ trì tham mưu văn bản trả lời, báo cáo trước thứ Sáu."


def test_the_instruction_stands_on_the_page_of_the_task(office, as_user):
    dossier = open_for(office, office.publish(definition(NOTE, DRAFT)))
    lead, support = office.departments["TC"], office.departments["KT"]
    extra = {"lead": f"dept:{lead.pk}", "support": [f"dept:{support.pk}"], "text": WORDS}
    [head] = {task.owner for task in [task_of(dossier, "note")]}
    act(dossier, "note", head, "assign", extra=extra)
    address = f"/tasks/{task_of(dossier, 'draft').pk}/"
    text = as_user(office.head_tc).get(address).content.decode()
    assert WORDS in text
    assert str(lead) in text and str(support) in text
    assert as_user(office.outsider).get(address).status_code == 404
