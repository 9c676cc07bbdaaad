"""Files, templates and copies come into the editor of who may build the type; nothing is published."""

from __future__ import annotations

import base64
from copy import deepcopy
from io import BytesIO
from typing import Any

import pytest

from home.audit.api import entries_for
from tests.factories.flows import approve, definition, signature_flow
from workflows.definitions.api import Definition, check, publish
from workflows.designer.exchange import from_yaml, to_yaml
from workflows.designer.gallery_files import templates
from workflows.designer.intake import RefusedIntakeError, plan_intake, take_in
from workflows.designer.models import FlowDraft
from workflows.designer.reading import definition_of_draft, draft_from
from workflows.dossiers.api import DossierType

pytestmark = pytest.mark.django_db

LIST = "/admin/snippets/designer/flowdraft/"
TAKE_IN, GALLERY = f"{LIST}take-in/", f"{LIST}gallery/"


def changed(**keys: Any) -> Definition:
    return Definition.parse(deepcopy(signature_flow()) | keys)


def upload(text: str, name: str = "loai.yaml") -> Any:
    file = BytesIO(text.encode())
    file.name = name
    return file


def text_of(answer: Any) -> str:
    return answer.content.decode()


# --- the act ------------------------------------------------------------------------------------------------


def test_a_new_definition_becomes_a_draft_and_nothing_is_published(office):
    draft = take_in(changed(), by=office.vp1, source="file:x")
    stored = FlowDraft.objects.get(pk=draft.pk)
    assert definition_of_draft(stored.get_latest_revision_as_object()) == changed()
    assert not stored.live
    assert not DossierType.objects.exists()
    [entry] = entries_for(f"flow-draft:{draft.pk}")
    assert (entry.verb, entry.by, entry.data["source"]) == ("draft.taken_in", office.vp1, "file:x")


def test_the_draft_with_the_same_code_is_changed_as_a_new_revision(office, draft):
    before = draft.latest_revision_id
    found = take_in(changed(days=9), by=office.vp1, source="file:x")
    assert found.pk == draft.pk
    assert FlowDraft.objects.count() == 1
    draft.refresh_from_db()
    assert draft.latest_revision_id != before
    assert definition_of_draft(draft.get_latest_revision_as_object()) == changed(days=9)


def test_a_live_type_keeps_its_version_until_somebody_publishes(office, draft):
    draft.latest_revision.publish(user=office.vp1)
    version = DossierType.objects.get().current
    take_in(changed(days=9), by=office.vp1, source="file:x")
    assert DossierType.objects.get().current == version
    draft.refresh_from_db()
    assert draft.live
    assert draft.has_unpublished_changes
    assert definition_of_draft(draft) == changed()


def test_a_type_that_came_from_a_file_is_opened_in_the_editor_first(office):
    kind = publish(changed()).type
    plan = plan_intake(changed(days=9), by=office.vp1)
    assert [str(one) for one in plan.differences] == ["Thời hạn: không có → 9 ngày làm việc"]
    assert not FlowDraft.objects.exists()
    draft = take_in(changed(days=9), by=office.vp1, source="file:x")
    stored = FlowDraft.objects.get(pk=draft.pk)
    assert stored.type == kind
    assert definition_of_draft(stored.get_latest_revision_as_object()) == changed(days=9)
    assert DossierType.objects.get().current == kind.current


def test_a_code_that_another_has_is_not_taken_from_it(office, draft):
    other = take_in(changed(department="TC"), by=office.tc1, source="file:x")
    assert other.pk != draft.pk
    draft.refresh_from_db()
    assert definition_of_draft(draft.get_latest_revision_as_object()) == changed()
    assert definition_of_draft(other.get_latest_revision_as_object()).code == "trinh-ky-van-ban"


@pytest.mark.parametrize("name", ["tc1", "vp2", "ann"])
def test_nobody_takes_in_for_a_department_that_is_not_theirs(office, draft, name):
    with pytest.raises(RefusedIntakeError):
        take_in(changed(days=9), by=office.people[name], source="file:x")
    assert FlowDraft.objects.count() == 1
    draft.refresh_from_db()
    assert definition_of_draft(draft.get_latest_revision_as_object()) == changed()


def test_a_locked_draft_is_left_alone(office, draft):
    draft.locked, draft.locked_by = True, office.chief
    draft.save()
    with pytest.raises(RefusedIntakeError):
        take_in(changed(days=9), by=office.vp1, source="file:x")


def test_a_plan_says_what_would_change_and_writes_nothing(office, draft):
    plan = plan_intake(changed(days=9), by=office.vp1)
    assert plan.draft == draft
    assert [str(one) for one in plan.differences] == ["Thời hạn: không có → 9 ngày làm việc"]
    assert definition_of_draft(draft.get_latest_revision_as_object()) == changed()
    assert plan_intake(changed(), by=office.vp1).differences == []


# --- files --------------------------------------------------------------------------------------------------


def test_a_file_is_shown_first_and_stored_on_the_second_click(office, draft, client):
    client.force_login(office.vp1)
    answer = client.post(TAKE_IN, {"file": upload(to_yaml(changed(days=9)))})
    assert answer.status_code == 200
    assert "9 ngày làm việc" in text_of(answer)
    assert definition_of_draft(FlowDraft.objects.get().get_latest_revision_as_object()) == changed()
    kept = {"checked": answer.context["checked"], "name": "loai.yaml", "department": "", "apply": "1"}
    answer = client.post(TAKE_IN, kept)
    assert answer["Location"] == f"{LIST}edit/{draft.pk}/"
    assert definition_of_draft(FlowDraft.objects.get().get_latest_revision_as_object()) == changed(days=9)


def test_a_file_of_another_office_is_taken_in_for_ones_own_department(office, client):
    client.force_login(office.tc1)
    source = to_yaml(changed(department="XX"))
    assert "không xây dựng" in text_of(client.post(TAKE_IN, {"file": upload(source)}))
    own = office.departments["TC"].pk
    client.post(TAKE_IN, {"file": upload(source), "department": own, "apply": "1"})
    assert FlowDraft.objects.get().department.code == "TC"


def test_another_department_cannot_be_chosen_by_hand(office, client):
    client.force_login(office.tc1)
    own = office.departments["VP"].pk
    answer = client.post(TAKE_IN, {"file": upload(to_yaml(changed())), "department": own, "apply": "1"})
    assert answer.status_code == 422
    assert not FlowDraft.objects.exists()


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"checked": "no base64 !"},
        {"checked": base64.b64encode(b"a: &a [*a]").decode(), "apply": "1"},
        {"checked": base64.b64encode(b"\xff").decode(), "apply": "1"},
    ],
)
def test_what_cannot_be_read_is_refused_with_reasons(office, client, posted):
    client.force_login(office.vp1)
    answer = client.post(TAKE_IN, posted)
    assert answer.status_code == 422
    assert not FlowDraft.objects.exists()


def test_faults_are_listed_with_their_lines(office, client):
    client.force_login(office.vp1)
    answer = client.post(TAKE_IN, {"file": upload("code: a\nflow: {steps: []}\n")})
    assert answer.status_code == 422
    assert "flow.steps" in text_of(answer)
    assert [fault.line for fault in answer.context["faults"] if fault.place == "flow.steps"] == [2]


def test_exports_are_what_the_editor_holds(office, draft, client):
    take_in(changed(days=9), by=office.vp1, source="file:x")
    client.force_login(office.vp1)
    answer = client.get(f"{LIST}export/{draft.pk}/yaml/")
    assert from_yaml(answer.content, "x") == changed(days=9)
    assert answer["Content-Disposition"] == 'attachment; filename="trinh-ky.yaml"'
    assert b"BPMNDiagram" in client.get(f"{LIST}export/{draft.pk}/bpmn/").content
    page = text_of(client.get(LIST))
    assert f"{LIST}export/{draft.pk}/yaml/" in page
    assert TAKE_IN in page
    assert GALLERY in page


def test_an_incomplete_draft_is_replaced_as_a_whole(office, draft, client):
    broken = draft.get_latest_revision_as_object()
    broken.flow = []
    broken.save_revision(user=office.vp1)
    client.force_login(office.vp1)
    answer = client.post(TAKE_IN, {"file": upload(to_yaml(changed()))})
    assert answer.context["plan"].differences is None
    assert "thay toàn bộ" in text_of(answer)


def test_an_incomplete_draft_is_not_exported_but_says_why(office, client):
    draft = FlowDraft(title="Dở dang", department=office.departments["VP"], live=False)
    draft.save()
    draft.save_revision(user=office.vp1)
    client.force_login(office.vp1)
    answer = client.get(f"{LIST}export/{draft.pk}/yaml/", follow=True)
    assert answer.redirect_chain[0][0] == f"{LIST}edit/{draft.pk}/"
    assert "chưa đầy đủ" in text_of(answer)


# --- the gallery --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(templates()))
def test_every_template_is_sound_in_any_office(office, name):
    """Whatever departments are chosen, no check finds anything, not even a doubt."""
    template = templates()[name]
    for units in (("TC", "KT", "LD"), ("LD", "VP", "DT")):
        codes = {ask.code: code for ask, code in zip(template.asks, units, strict=False)}
        assert check(template.filled(codes)) == []
    assert {"vi", "en"} <= set(template.title)
    assert "@" not in str(template.filled(codes).canonical())


def test_the_gallery_holds_the_six_templates_that_offices_start_with():
    assert list(templates()) == ["leave", "purchase", "signature", "room", "commendation", "incoming"]


@pytest.mark.parametrize("name", list(templates()))
def test_a_template_opens_in_the_editor(office, client, name):
    client.force_login(office.vp1)
    template = templates()[name]
    address = f"{GALLERY}template/{name}/"
    page = text_of(client.get(address))
    assert template.title["vi"] in page
    assert "flow-diagram" in page
    chosen = zip(template.asks, ("VP", "TC", "LD"), strict=False)
    units = {f"unit_{ask.code}": office.departments[code].pk for ask, code in chosen}
    answer = client.post(address, units | {"title": "Của tôi", "title_en": "Mine"})
    draft = FlowDraft.objects.get()
    assert answer["Location"] == f"{LIST}edit/{draft.pk}/"
    made = definition_of_draft(draft.get_latest_revision_as_object())
    assert made.title == {"vi": "Của tôi", "en": "Mine"}
    assert made.department == "VP"
    assert check(made) == []
    # Once more: another type with a code of its own.
    client.post(address, units | {"title": "Của tôi", "title_en": "Mine"})
    assert FlowDraft.objects.count() == 2
    assert not DossierType.objects.exists()


def test_a_template_is_for_ones_own_department_only(office, client):
    client.force_login(office.tc1)
    units = {f"unit_{name}": office.departments["VP"].pk for name in ("owner", "leaders")}
    answer = client.post(f"{GALLERY}template/leave/", units | {"title": "x"})
    assert answer.status_code == 422
    assert not FlowDraft.objects.exists()


def test_types_are_copied_by_those_who_see_them(office, client):
    number = {"id": "n", "kind": "number", "title": "Số", "register": "QD", "pattern": "{number}"}
    flow = [approve("a", {"head_of": "VP"}), number | {"key": "so", "label": "Số"}]
    everybody = publish(Definition.parse(definition(*flow))).type
    secret = publish(
        Definition.parse(definition(*flow, code="kin", title="Kín", start={"departments": ["VP"]}))
    ).type
    client.force_login(office.tc1)
    page = text_of(client.get(GALLERY))
    assert f"{GALLERY}type/{everybody.pk}/" in page
    assert "Kín" not in page
    for address in (f"{GALLERY}type/{secret.pk}/", f"{GALLERY}type/999999/"):
        assert client.get(address).status_code == 404
        assert (
            client.post(address, {"title": "x", "unit_owner": office.departments["TC"].pk}).status_code == 404
        )
    answer = client.post(
        f"{GALLERY}type/{everybody.pk}/", {"title": "Bản của TC", "unit_owner": office.departments["TC"].pk}
    )
    assert answer.status_code == 302
    made = definition_of_draft(FlowDraft.objects.get().get_latest_revision_as_object())
    assert (made.title, made.department) == ("Bản của TC", "TC")
    # The numbers of the copy are its own.
    assert made.register_.code == "TTr-TC"
    assert made.steps_by_id["n"].register_ == "QD-TC"
    client.force_login(office.vp1)
    assert "Kín" in text_of(client.get(GALLERY))


def test_the_gallery_costs_the_same_for_one_type_and_for_twelve(
    office, client, django_assert_max_num_queries
):
    client.force_login(office.chief)

    def cost() -> int:
        with django_assert_max_num_queries(100) as counted:
            assert client.get(GALLERY).status_code == 200
        return len(counted)

    publish(Definition.parse(definition(approve("a", {"head_of": "VP"}))))
    cost()
    few = cost()
    for number in range(11):
        publish(Definition.parse(definition(approve("a", {"head_of": "TC"}), code=f"loai-{number}")))
    cost()
    assert cost() == few


# --- who may ------------------------------------------------------------------------------------------------


def addresses(draft: FlowDraft, kind: DossierType) -> list[str]:
    return [
        TAKE_IN,
        GALLERY,
        f"{GALLERY}template/leave/",
        f"{GALLERY}type/{kind.pk}/",
        f"{LIST}export/{draft.pk}/yaml/",
        f"{LIST}export/{draft.pk}/bpmn/",
    ]


def test_who_builds_types_finds_all_of_it(office, draft, client):
    kind = publish(Definition.parse(definition(approve("a", {"head_of": "VP"}), code="khac"))).type
    for name in ("vp1", "chief"):
        client.force_login(office.people[name])
        for address in addresses(draft, kind):
            assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("name", ["vp2", "ann", ""])
def test_staff_find_no_trace_of_it(office, draft, client, name):
    kind = publish(Definition.parse(definition(approve("a", {"head_of": "VP"}), code="khac"))).type
    if name:
        client.force_login(office.people[name])
    for address in addresses(draft, kind):
        for answer in (client.get(address), client.post(address, {"title": "x", "apply": "1"})):
            assert answer.status_code in (302, 404, 405), address
            assert "Trình ký" not in text_of(answer)
    assert FlowDraft.objects.count() == 1


def test_another_department_exports_nothing(office, draft, client):
    client.force_login(office.tc1)
    for form in ("yaml", "bpmn"):
        assert client.get(f"{LIST}export/{draft.pk}/{form}/").status_code == 404


def test_a_template_that_does_not_exist_is_not_found(office, client):
    client.force_login(office.vp1)
    assert client.get(f"{GALLERY}template/nothing/").status_code == 404


def test_a_draft_of_every_template_is_the_same_definition(office):
    for template in templates().values():
        made = template.filled({ask.code: "VP" for ask in template.asks})
        assert definition_of_draft(draft_from(made)).canonical() == made.canonical()
