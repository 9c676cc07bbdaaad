"""What the checks find stands at the block that it concerns; errors refuse to publish, warnings ask."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.flows import approve, definition, review, signature_flow
from workflows.definitions.api import Definition, PublishError
from workflows.designer.marks import errors_of, marks_of
from workflows.designer.models import FlowDraft
from workflows.designer.publishing import findings_of, publish_draft
from workflows.designer.reading import block_of, code_of, data_of, draft_from
from workflows.dossiers.api import DossierType
from workflows.steps.api import steps
from workflows.steps.blocks.flow import steps_part

pytestmark = pytest.mark.django_db

LIST = "/admin/snippets/designer/flowdraft/"


def made(raw: dict[str, Any]) -> FlowDraft:
    draft = draft_from(Definition.parse(raw))
    draft.save()
    draft.save_revision()
    return draft


def test_every_place_leads_to_its_block_or_field(office):
    draft = made(signature_flow())
    block, choice = draft.flow[0], draft.flow[1]
    inner = block.value["branches"][1]["steps"][0]
    nested = choice.value["branches"][0]["steps"][0]
    question = draft.form[0].value["questions"][1]
    places = {
        "flow.steps[0].rule": block.id,
        "flow.steps[0].branches[1].steps[0].who.pool": inner.id,
        "flow.steps[1].branches[0].when": choice.id,
        "flow.steps[1].branches[0].steps[0].fallback": nested.id,
        "form.sections[0].fields[1].label": question.id,
        "form.sections[0]": draft.form[0].id,
        "flow.steps": "flow",
        "flow.steps[99].who": "flow",
        "register.pattern": "register_pattern",
        "register": "register_code",
        "start.departments[0]": "start_departments",
        "subject": "subject",
        "title": "title",
        "": "",
    }
    assert {place: block_of(draft, place) for place in places} == places


def test_a_finding_becomes_an_error_at_its_option(office):
    draft = made(definition(review("a", "TC"), approve("b", {"pool": {"department": "KHONG"}})))
    [error] = [finding for finding in findings_of(draft) if finding.level == "error"]
    assert error.code == "flows.E010"
    found = errors_of(draft, [error])
    assert set(found) == {"flow"}
    assert found["flow"].as_json_data()["blockErrors"][1]["blockErrors"]["who"]["messages"] == [error.message]


def test_an_incomplete_step_is_an_error_beside_it(office):
    draft = made(signature_flow())
    raw = draft.flow.get_prep_value()
    raw[2]["value"]["fallback"] = []
    raw[0]["value"]["branches"][0]["value"]["steps"][0]["value"]["title"] = ""
    draft.flow = raw
    found = findings_of(draft)
    assert {(finding.code, finding.place) for finding in found} == {
        ("flows.E001", "flow.steps[2].fallback"),
        ("flows.E001", "flow.steps[0].branches[0].steps[0].title"),
    }
    json = errors_of(draft, found)["flow"].as_json_data()["blockErrors"]
    assert "fallback" in json[2]["blockErrors"]
    inner = json[0]["blockErrors"]["branches"]["blockErrors"][0]["blockErrors"]["steps"]
    assert "title" in inner["blockErrors"][0]["blockErrors"]


def test_steps_and_questions_without_keys_get_stable_ones(office):
    draft = made(signature_flow())
    raw = draft.flow.get_prep_value()
    raw[2]["value"]["id"] = ""
    draft.flow = raw
    first, second = data_of(draft), data_of(draft)
    assert first == second
    assert first["flow"]["steps"][2]["id"].startswith("s_")


def test_a_new_draft_says_what_is_missing_field_by_field(office):
    draft = FlowDraft(title="Mới", department=office.departments["VP"], live=False)
    draft.save()
    places = {block_of(draft, finding.place) for finding in findings_of(draft)}
    assert {"register_code", "form", "flow"} <= places


def test_the_code_follows_from_the_title_and_is_taken_by_no_other(office):
    office.publish(signature_flow(code="de-nghi-mua-sam"))
    draft = FlowDraft(title="Đề nghị mua sắm", department=office.departments["VP"], live=False)
    assert code_of(draft) == "de-nghi-mua-sam-2"


def test_publishing_never_takes_over_the_type_of_another(office):
    office.publish(signature_flow())
    draft = draft_from(Definition.parse(signature_flow(department="TC")))
    draft.save()
    with pytest.raises(PublishError, match=r"flows\.E057"):
        publish_draft(draft, by=office.tc1)
    assert DossierType.objects.get().department.code == "VP"


def posted(draft: FlowDraft, client: Any, **more: str) -> Any:
    """Post the editor's form as the browser would: every input of the page."""
    from wagtail.test.utils.form_data import nested_form_data, streamfield

    flow = [(child.block_type, posted_block(child.block, child.value)) for child in draft.flow]
    form = [(child.block_type, posted_block(child.block, child.value)) for child in draft.form]
    fields = {
        name: getattr(draft, name) or ""
        for name in ("title", "subject", "days", "register_code", "register_pattern")
    }
    data = {**fields, "department": draft.department_id, "flow": streamfield(flow), "form": streamfield(form)}
    return client.post(f"{LIST}edit/{draft.pk}/", nested_form_data(data) | more)


def posted_block(block: Any, value: Any) -> Any:
    from wagtail.blocks import ListBlock, StreamBlock, StructBlock
    from wagtail.test.utils.form_data import inline_formset, streamfield

    if isinstance(block, StreamBlock):
        return streamfield([(child.block_type, posted_block(child.block, child.value)) for child in value])
    if isinstance(block, StructBlock):
        return {name: posted_block(child, value[name]) for name, child in block.child_blocks.items()}
    if isinstance(block, ListBlock):
        found = inline_formset([])
        items = streamfield([("item", posted_block(block.child_block, one)) for one in value])
        return found | items
    if isinstance(value, list):
        return tuple(value)
    if value is True:
        return "on"
    return "" if value is None or value is False else value


def test_errors_refuse_and_the_page_says_where(office, client):
    draft = made(signature_flow())
    draft.register_pattern = "{year}"
    client.force_login(office.vp1)
    page = posted(draft, client, **{"action-publish": "1"}).content.decode()
    assert "Chưa ban hành được" in page
    assert not DossierType.objects.exists()


def test_a_sound_draft_is_published_and_named_in_the_trail(office, client):
    draft = made(signature_flow())
    client.force_login(office.vp1)
    assert posted(draft, client, **{"action-publish": "1"}).status_code == 302
    version = DossierType.objects.get().current
    assert version.published_by == office.vp1
    draft.refresh_from_db()
    assert (draft.type, draft.live, draft.has_unpublished_changes) == (version.type, True, False)


def test_warnings_ask_once(office, client):
    raw = definition(approve("a", {"pool": {"department": "TC"}}, fallback={"pool": {"department": "TC"}}))
    draft = made(raw)
    assert {finding.level for finding in findings_of(draft)} == {"warning"}
    client.force_login(office.vp1)
    page = posted(draft, client, **{"action-publish": "1"}).content.decode()
    assert "Vẫn ban hành" in page
    assert not DossierType.objects.exists()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert posted(draft, client, **{"action-publish": "1", "seen": seen}).status_code == 302
    assert DossierType.objects.exists()


def test_every_kind_of_step_has_a_block_of_its_own():
    assert set(steps_part().kinds) == {kind.code for kind in steps if not kind.generated}


def test_keys_of_blocks_stay_when_a_definition_is_taken_over_again(office):
    draft = made(signature_flow())
    before = {child.value["id"]: child.id for child in draft.flow}
    again = draft_from(Definition.parse(signature_flow(title="Khác")), draft)
    assert {child.value["id"]: child.id for child in again.flow} == before


def test_what_is_missing_is_called_as_the_screen_calls_it(office):
    """Nobody who fills in the editor has seen a key: the label of the field and the title of the step are named."""
    draft = made(signature_flow())
    flow, form = draft.flow.get_prep_value(), draft.form.get_prep_value()
    flow[2]["value"]["fallback"] = []
    flow[0]["value"]["branches"][0]["value"]["steps"][0]["value"]["title"] = ""
    form[0]["value"]["questions"][1]["value"]["label"] = ""
    draft.flow, draft.form, draft.register_code = flow, form, ""
    marks = marks_of(draft, findings_of(draft))
    assert {mark.finding.code for mark in marks} == {"flows.E001"}
    said = {(mark.title, mark.finding.message) for mark in marks}
    assert (flow[2]["value"]["title"], "Chưa điền “Nếu không tìm được ai”.") in said
    assert ("", "Chưa điền “Tên bước”.") in said
    assert ("", "Chưa điền “Câu hỏi”.") in said
    assert ("", "Chưa điền “Sổ”.") in said
    assert len(said) == 4

    empty = FlowDraft(title="Mới", department=office.departments["VP"], live=False)
    assert {"“Biểu mẫu” còn trống.", "“Quy trình” còn trống."} <= {one.message for one in findings_of(empty)}
