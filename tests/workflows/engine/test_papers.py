"""A step makes a paper of a template: once, after the commit, with what the dossier told when it came there."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from pypdf import PdfReader

from home.audit.api import entries_for
from home.forms.api import StoredFile
from tests.factories.flows import act, approve, definition, open_for, task_of
from tests.factories.papers import SIGN, STEP, letter_flow, lines_of, make_template, upload, word
from workflows.dossiers.api import Dossier, Errand, Paper, PaperTemplate, PaperTemplateVersion
from workflows.engine import errands, papers
from workflows.engine.api import errands_of, run_errands, withdraw

FIRST = approve("first", {"head_of": "TC"})


def content(paper):
    with paper.attachment.file.file.open("rb") as stream:
        return stream.read()


def test_the_paper_tells_of_the_dossier_and_is_attached(office):
    make_template()
    dossier = open_for(office, office.publish(letter_flow(file_name="{title} {number} ({amount})")))
    assert dossier.open_steps == ["sign"]
    assert not Paper.objects.exists()
    assert run_errands() == 1
    paper = Paper.objects.get()
    assert paper.attachment.dossier == dossier
    assert paper.attachment.added_by is None
    stored = paper.attachment.file
    assert stored.name == "Tờ trình 01-2026-TTr (10.000.000 ₫).docx"
    assert (stored.holder_kind, stored.holder_id) == ("dossier", str(dossier.pk))
    text = lines_of(content(paper))
    assert text[0] == f"Số: {dossier.number}"
    assert text[1] == "Kính trình: Tờ trình mua máy – 10.000.000\u00a0₫"
    [entry] = entries_for(dossier.target).filter(verb="paper.made")
    assert entry.data["files"] == [stored.name]


def test_a_pdf_names_who_decided(office):
    make_template(kind="typst", content=TYPST_DECIDED.encode())
    dossier = open_for(
        office, office.publish(definition(FIRST, STEP, SIGN)), subject="Đề nghị mua sắm ở phòng Tổ chức"
    )
    act(dossier, "first", office.head_tc, note="Đồng ý, đề nghị ký")
    assert run_errands() == 1
    paper = Paper.objects.get()
    assert paper.attachment.file.content_type == "application/pdf"
    text = PdfReader(io.BytesIO(content(paper))).pages[0].extract_text()
    for words in (dossier.number, "Đề nghị mua sắm ở phòng Tổ chức", "Đồng ý, đề nghị ký", "Head_Tc", "head"):
        assert words in text


TYPST_DECIDED = """#let data = json("data.json")
#data.dossier.number #data.answers.subject
#for one in data.decisions [#one.name #one.position: #one.note]
#if data.steps.sign.done [ký] else [chưa ký]
"""


def test_what_it_tells_was_fixed_when_the_step_ran(office):
    make_template()
    dossier = open_for(office, office.publish(letter_flow()))
    Dossier.objects.filter(pk=dossier.pk).update(answers={"subject": "Khác hẳn", "amount": 1})
    run_errands()
    assert "Tờ trình mua máy" in lines_of(content(Paper.objects.get()))[1]


def test_done_twice_it_is_one_paper(office):
    make_template()
    open_for(office, office.publish(letter_flow()))
    row = Errand.objects.get()
    first, second = papers.make_paper(row), papers.make_paper(row)
    assert first == second
    assert Paper.objects.count() == StoredFile.objects.count() == 1


def test_a_worker_that_dies_after_the_paper_leaves_it_to_the_next_to_say_so(office, monkeypatch):
    make_template()
    dossier = open_for(office, office.publish(letter_flow(wait=True)))
    monkeypatch.setattr(errands, "_settle", lambda *args, **values: False)
    monkeypatch.setattr(papers, "wake_now", lambda task_id: None)
    assert run_errands() == 0
    assert Paper.objects.count() == 1
    monkeypatch.undo()
    assert run_errands() == 0  # the lease of the dead worker still runs
    with time_machine.travel(timezone.now() + errands.LEASE + timedelta(seconds=1)):
        assert run_errands() == 1
    assert Paper.objects.count() == 1
    dossier.refresh_from_db()
    assert dossier.open_steps == ["sign"]


def test_a_worker_that_dies_while_storing_leaves_no_half_paper(office, monkeypatch):
    make_template()
    open_for(office, office.publish(letter_flow()))

    def die(*args):
        raise RuntimeError("the power is gone")

    removed = []
    monkeypatch.setattr(papers, "_made", die)
    monkeypatch.setattr(papers, "discard", lambda stored: removed.append(stored.pk))
    assert run_errands() == 0
    assert (Paper.objects.count(), StoredFile.objects.count(), len(removed)) == (0, 0, 1)


def test_the_dossier_waits_for_the_paper(office):
    make_template()
    dossier = open_for(office, office.publish(letter_flow(wait=True)))
    assert dossier.open_steps == ["letter"]
    run_errands()
    dossier.refresh_from_db()
    assert dossier.open_steps == ["sign"]
    assert act(dossier, "sign", office.chair).state == Dossier.State.APPROVED


def test_it_waits_no_longer_than_it_may(office):
    from workflows.engine.api import wake_waiting

    template = make_template()
    dossier = open_for(office, office.publish(letter_flow(wait=True, at_most=1)))
    broken(template)
    assert run_errands() == 0
    assert wake_waiting() == 0
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert wake_waiting() == 1
    dossier.refresh_from_db()
    assert dossier.open_steps == ["sign"]


def broken(template):
    """Damage the stored file of the newest version."""
    version = template.newest
    version.file.storage.delete(version.file.name)


def test_a_paper_that_fails_is_seen_and_made_later(office):
    template = make_template(content=word("{{ values.amount / values.rate }}", "{{ answers.reason }}"))
    raw = letter_flow()
    raw["form"]["sections"][0]["fields"].append({"key": "rate", "kind": "number", "label": "Tỷ lệ"})
    dossier = open_for(office, office.publish(raw), rate=0)
    assert dossier.open_steps == ["sign"]
    assert run_errands() == 0
    [row] = errands_of(dossier)
    assert row.is_failing
    assert "division by zero" in row.errand.error
    assert row.errand.next_at > timezone.now()
    assert act(dossier, "sign", office.chair).state == Dossier.State.APPROVED
    Errand.objects.update(payload=Errand.objects.get().payload | {"data": sample_with_rate(row.errand)})
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert run_errands() == 1
    assert Paper.objects.get().template_version == template.newest


def sample_with_rate(errand):
    data = errand.payload["data"]
    return data | {"values": data["values"] | {"rate": 2}}


def test_one_that_fails_keeps_no_other(office):
    make_template()
    make_template("hong", content=word("{{ 1 / 0 }}"))
    flow = definition(STEP | {"template": "hong"}, STEP | {"id": "second"}, SIGN)
    open_for(office, office.publish(flow))
    assert run_errands() == 1
    assert Paper.objects.get().step == "second"


def test_a_version_that_is_gone_is_named(office):
    make_template()
    dossier = open_for(office, office.publish(letter_flow()))
    PaperTemplateVersion.objects.all().delete()
    assert run_errands() == 0
    assert "“to-trinh”" in errands_of(dossier)[0].errand.error


def test_a_changed_file_is_refused(office):
    template = make_template()
    dossier = open_for(office, office.publish(letter_flow()))
    with template.newest.file.open("rb+") as stream:
        stream.write(word("Nội dung khác"))
    assert run_errands() == 0
    assert (
        "không phải" in errands_of(dossier)[0].errand.error
        or "not what" in errands_of(dossier)[0].errand.error
    )


def test_running_dossiers_keep_their_version_of_the_template(office):
    template = make_template(content=word("Bản một"))
    version = office.publish(letter_flow())
    upload(template, word("Bản hai"))
    PaperTemplate.objects.update(is_active=False)
    open_for(office, version)
    run_errands()
    assert lines_of(content(Paper.objects.get())) == ["Bản một"]


AGAIN = [SIGN | {"outcomes": ["approve", "return"], "return_to": ["first"]}]


def run_twice(office, **options):
    dossier = open_for(office, office.publish(definition(FIRST, STEP | options, *AGAIN)))
    act(dossier, "first", office.head_tc)
    run_errands()
    act(dossier, "sign", office.chair, "return", note="Sửa lại", to="first")
    act(dossier, "first", office.head_tc)
    run_errands()
    return list(Paper.objects.order_by("pk"))


def test_a_second_run_makes_the_next_version_of_the_same_paper(office):
    make_template()
    first, second = run_twice(office, replace=True)
    assert [(one.number, one.is_current) for one in (first, second)] == [(1, False), (2, True)]
    assert first.attachment.file.name == second.attachment.file.name


def test_a_second_run_makes_another_attachment_unless_said(office):
    make_template()
    first, second = run_twice(office)
    assert first.is_current
    assert second.is_current
    assert second.attachment.file.name.endswith("(2).docx")


def test_each_unit_gets_its_own_paper(office):
    make_template(content=word("Gửi {{ unit.name }} ({{ unit.code }})"))
    each = {
        "id": "units",
        "kind": "each",
        "title": "Các phòng",
        "of": {"departments": ["TC", "KT"]},
        "branches": [
            {
                "steps": [
                    STEP | {"file_name": "Gửi {unit}", "replace": True},
                    approve("answer", {"item": "head"}),
                ]
            }
        ],
    }
    open_for(office, office.publish(definition(each)))
    assert run_errands() == 2
    made = {paper.item: paper for paper in Paper.objects.all()}
    assert {lines_of(content(paper))[0] for paper in made.values()} == {
        "Gửi Phòng TC (TC)",
        "Gửi Phòng KT (KT)",
    }
    assert {paper.attachment.file.name for paper in made.values()} == {
        "Gửi Phòng TC.docx",
        "Gửi Phòng KT.docx",
    }
    assert all(paper.is_current and paper.number == 1 for paper in made.values())


def test_nobody_wants_the_paper_of_a_withdrawn_dossier(office):
    make_template()
    dossier = open_for(office, office.publish(letter_flow(wait=True)))
    withdraw(dossier.pk, by=office.ann, reason="Nhầm")
    assert run_errands() == 0
    assert not Paper.objects.exists()


def test_a_step_that_was_closed_meanwhile_gets_none(office):
    make_template()
    block = {
        "id": "both",
        "kind": "parallel",
        "title": "Song song",
        "rule": "any",
        "branches": [{"steps": [STEP | {"wait": True}]}, {"steps": [approve("quick", {"head_of": "TC"})]}],
    }
    dossier = open_for(office, office.publish(definition(block, SIGN)))
    act(dossier, "quick", office.head_tc)
    assert run_errands() == 1
    assert Errand.objects.get().result == {"skipped": True}
    assert not Paper.objects.exists()
    assert task_of(dossier, "sign").finished is None


def test_what_it_told_is_kept_in_no_second_place(office):
    make_template()
    open_for(office, office.publish(letter_flow()))
    assert Errand.objects.get().payload["data"]["answers"]["subject"]
    run_errands()
    assert Errand.objects.get().payload["data"] == {}


def test_the_gate_of_a_deployment_finds_templates_without_their_file(office):
    template = make_template()
    office.publish(letter_flow())
    call_command("check_flows")
    broken(template)
    with pytest.raises(CommandError, match="trinh-ky, version 1, step letter"):
        call_command("check_flows")
