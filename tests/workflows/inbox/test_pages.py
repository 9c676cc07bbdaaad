"""Starting, listing, finding, showing and withdrawing dossiers."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from home.forms.api import Submission
from tests.factories.flows import ANSWERS, act, definition, open_for, review, signature_flow, task_of
from tests.factories.pages import make_home
from workflows.dossiers.api import Dossier
from workflows.engine.api import claim
from workflows.inbox.deadlines import lights
from workflows.inbox.search_sources import find_dossiers, suggest_dossiers
from workflows.inbox.words import role_names, rule_words

URL = "/dossiers/new/trinh-ky/"


def text(response):
    return response.content.decode()


def filled(page, **answers):
    return ANSWERS | {"version": page.context["version"].pk, "_key": page.context["form"].key} | answers


def test_a_filled_form_becomes_a_dossier(office, version, as_user):
    client = as_user(office.ann)
    page = client.get(URL)
    response = client.post(URL, filled(page))
    dossier = Dossier.objects.get()
    assert response["Location"] == f"/dossiers/{dossier.pk}/"
    assert (dossier.submitter, dossier.answers["amount"]) == (office.ann, 10_000_000)
    assert dossier.number in text(client.get(response["Location"]))


def test_sending_twice_opens_one_dossier(office, version, as_user):
    client = as_user(office.ann)
    posted = filled(client.get(URL))
    first, second = client.post(URL, posted), client.post(URL, posted)
    assert first["Location"] == second["Location"]
    assert Dossier.objects.count() == Submission.objects.count() == 1


def test_mistakes_keep_what_was_typed(office, version, as_user, unchanged):
    client = as_user(office.ann)
    with unchanged():
        response = client.post(URL, filled(client.get(URL), amount="ba triệu", reason="Vì cần"))
    assert response.status_code == 200
    assert "ba triệu" in text(response) and "Vì cần" in text(response)


def test_a_form_that_was_replaced_meanwhile_keeps_the_answers(office, version, as_user, unchanged):
    client = as_user(office.ann)
    posted = filled(client.get(URL), reason="Vì cần")
    newer = office.publish(signature_flow(days=5))
    with unchanged():
        response = client.post(URL, posted)
    assert response.status_code == 409
    assert "Vì cần" in text(response)
    assert f'name="version" value="{newer.pk}"' in text(response)
    assert client.post(URL, posted | {"version": newer.pk}).status_code == 302
    assert Dossier.objects.get().version == newer


def test_an_expired_session_returns_to_the_filled_form(office, version, as_user):
    page = as_user(office.ann).get(URL)
    visitor = Client()
    visitor.post(URL, filled(page, reason="Vì cần", _owner=page.context["form"].owner_token))
    assert not Dossier.objects.exists()
    visitor.force_login(office.ann)
    assert "Vì cần" in text(visitor.get(URL))


def test_types_are_found_without_diacritics(office, version, as_user):
    client = as_user(office.ann)
    for query in ("trinh ky", "TRÌNH", unicodedata.normalize("NFD", "trình ký")):
        assert URL in text(client.get("/dossiers/new/", {"q": query}))
    assert URL not in text(client.get("/dossiers/new/", {"q": "nghi phep"}))


def test_unknown_types_are_not_found(office, version, as_user):
    assert as_user(office.ann).get("/dossiers/new/no-such-type/").status_code == 404


@pytest.mark.parametrize("query", ["to trinh may", "TỜ TRÌNH", "01/", unicodedata.normalize("NFD", "máy")])
def test_dossiers_are_found_by_number_and_subject(office, version, as_user, query):
    dossier = open_for(office, version)
    assert f"/dossiers/{dossier.pk}/" in text(as_user(office.ann).get("/dossiers/", {"q": query}))
    assert [hit.url for hit in find_dossiers(office.tc1, query, 5)] == [f"/dossiers/{dossier.pk}/"]
    assert find_dossiers(office.outsider, query, 5) == []
    suggested = [hit.url for hit in suggest_dossiers(office.tc1, query, 5)]
    assert suggested == ([f"/dossiers/{dossier.pk}/"] if query == "01/" else [])
    assert suggest_dossiers(office.outsider, query, 5) == []


def test_filters_narrow_the_list(office, version, as_user):
    dossier = open_for(office, version)
    client = as_user(office.ann)
    day = timezone.localdate()

    def shown(**query):
        return f'href="/dossiers/{dossier.pk}/"' in text(client.get("/dossiers/", {"tab": "all"} | query))

    assert shown(state="running", type=version.type_id, since=day.isoformat(), until=day.isoformat())
    assert not shown(state="approved")
    assert not shown(since=(day + timedelta(days=1)).isoformat())
    assert not shown(q="khong co")


@pytest.mark.parametrize(
    "query",
    [
        {"type": "x"},
        {"type": "99999999999999999999"},
        {"state": "\0"},
        {"since": "31/31/2026"},
        {"page": "-1"},
        {"page": "x"},
        {"sort": "password"},
        {"tab": "x"},
        {"q": "\0" * 9 + "%_'\"" * 200},
    ],
)
def test_nonsense_in_the_address_is_harmless(office, version, as_user, query):
    open_for(office, version)
    client = as_user(office.ann)
    for url in ("/dossiers/", "/inbox/", "/dossiers/new/"):
        assert client.get(url, query).status_code == 200


def test_tabs_separate_open_and_finished(office, version, as_user):
    dossier = open_for(office, version)
    client = as_user(office.ann)
    client.post(f"/dossiers/{dossier.pk}/withdraw/", {"reason": "Không cần nữa"})
    link = f'href="/dossiers/{dossier.pk}/"'
    found = {tab: link in text(client.get("/dossiers/", {"tab": tab})) for tab in ("open", "closed", "all")}
    assert found == {"open": False, "closed": True, "all": True}


def test_lines_that_are_kept_show_every_change(office, version, as_user):
    """What a line shows is what it is kept under: subject, state, step, submitter, due date, title of the type."""
    dossier = open_for(office, version)
    client = as_user(office.ann)

    def line():
        page = text(client.get("/dossiers/", {"tab": "all"}))
        return page[page.index("<tbody>") : page.index("</tbody>")]

    seen = [line()]
    assert line() == seen[0]
    kind, submitter, rows = dossier.type, dossier.submitter, Dossier.objects.filter(pk=dossier.pk)
    changes = [
        lambda: rows.update(subject="Mua máy quét"),
        lambda: rows.update(number="99/2026"),
        lambda: rows.update(state="held"),
        lambda: rows.update(open_steps=[]),
        lambda: rows.update(due_at=timezone.now() + timedelta(days=400)),
        lambda: rows.update(opened_at=timezone.now() - timedelta(days=400)),
        lambda: type(kind).objects.filter(pk=kind.pk).update(title="Tờ trình khác"),
        lambda: type(submitter).objects.filter(pk=submitter.pk).update(last_name="Trần Thị"),
    ]
    for change in changes:
        change()
        seen.append(line())
    assert len(set(seen)) == len(seen)


def test_a_dossier_is_withdrawn_with_a_reason(office, version, as_user, unchanged):
    dossier = open_for(office, version)
    client, url = as_user(office.ann), f"/dossiers/{dossier.pk}/withdraw/"
    with unchanged():
        assert 'id="reason-error"' in text(client.post(url, {"reason": " "}))
        long = client.post(url, {"reason": "x" * 5001})
        assert "x" * 5001 in text(long)
    assert client.post(url, {"reason": "Không cần nữa"})["Location"] == f"/dossiers/{dossier.pk}/"
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.WITHDRAWN
    assert "Không cần nữa" in text(client.get(f"/dossiers/{dossier.pk}/"))
    assert client.post(url, {"reason": "Lần nữa"}).status_code == 302
    assert client.get(url).status_code == 302


def test_a_dossier_that_was_decided_meanwhile_is_not_withdrawn(office, version, as_user):
    dossier = open_for(office, version)
    act(dossier, "op_tc", office.tc1, "agree")
    act(dossier, "op_kt", office.kt1, "agree")
    act(dossier, "sign", office.chair, "reject", note="Không phù hợp")
    response = as_user(office.ann).post(f"/dossiers/{dossier.pk}/withdraw/", {"reason": "Đã gõ"})
    assert response.status_code == 409
    assert "Đã gõ" in text(response)


def test_the_page_says_who_has_the_dossier_and_what_happened(office, version, as_user):
    dossier = open_for(office, version)
    act(dossier, "op_tc", office.tc1, "disagree", note="Thiếu nguồn")
    page = as_user(office.ann).get(f"/dossiers/{dossier.pk}/")
    holders = [holder for holder, _light in page.context["holders"]]
    assert {holder.step for holder in holders} == {"Ý kiến KT", "Ý kiến DT"}
    assert all("Phòng" in holder.role for holder in holders)
    assert str(office.tc1) in text(page) and "Thiếu nguồn" in text(page)
    states = {stage.state.step_id: stage.state.state for stage in page.context["stages"]}
    assert (states["op_tc"], states["op_kt"], states["sign"]) == ("done", "open", "waiting")
    assert "flow-diagram" in text(page)


def test_a_version_that_cannot_be_read_is_no_crash(office, version, as_user):
    dossier = open_for(office, version)
    type(version).objects.filter(pk=version.pk).update(sha256="0" * 64)
    client = as_user(office.ann)
    page = client.get(f"/dossiers/{dossier.pk}/")
    assert page.status_code == 200
    assert dossier.subject in text(page)
    assert client.get("/dossiers/").status_code == 200
    assert as_user(office.tc1).get("/inbox/?tab=claim").status_code == 200


def test_lights_tell_late_soon_and_on_time(db):
    now = timezone.now()
    light = lights(now)
    assert light(None).code == "none"
    assert light(now - timedelta(minutes=1)).code == "late"
    assert light(now + timedelta(minutes=1)).code == "soon"
    assert light(now + timedelta(days=30)).code == "on_time"
    assert light(now, now - timedelta(hours=1)).code == "kept"
    assert light(now, now + timedelta(hours=1)).code == "missed"


def test_soon_ends_with_the_next_working_day(db):
    # Friday 10:00 in Hanoi: Monday evening is soon, Tuesday is not.
    friday = timezone.make_aware(timezone.datetime(2026, 6, 5, 10))
    light = lights(friday)
    assert light(friday + timedelta(days=3)).code == "soon"
    assert light(friday + timedelta(days=4)).code == "on_time"


def test_roles_are_named_with_constant_queries(office, django_assert_max_num_queries):
    departments, chief = office.departments, office.chief.memberships.get()
    roles = [f"dept:{unit.pk}" for unit in departments.values()] + [f"head:{departments['TC'].pk}"]
    roles += [f"post:{chief.position_id}:{chief.department_id}", "dispatch", "group:9", "x", ""]
    with django_assert_max_num_queries(3):
        names = role_names(roles)
    assert "Phòng TC" in names[f"head:{departments['TC'].pk}"]
    assert names[f"post:{chief.position_id}:{chief.department_id}"] == "chief, Phòng VP"
    assert names["x"] == "x"


def test_rules_are_said_with_names(office):
    version = office.publish(definition(review("op", "TC"), code="words"))
    from workflows.definitions.api import definition_of

    spec = definition_of(version).steps_by_id["op"]
    assert "Phòng TC" in rule_words(spec.who)
    assert "Phòng VP" in rule_words(spec.fallback)


def test_the_inbox_shows_the_most_urgent_first(office, version, as_user):
    late, soon = open_for(office, version, subject="Trễ"), open_for(office, version, subject="Sớm")
    for dossier, days in ((late, -2), (soon, 9)):
        task = task_of(dossier, "op_tc")
        type(task).objects.filter(pk=task.pk).update(scheduled=timezone.now() + timedelta(days=days))
    page = text(as_user(office.tc1).get("/inbox/?tab=claim"))
    assert page.index("Trễ") < page.index("Sớm")


def test_panels_and_menu_lead_to_the_work(office, version, as_user):
    from home.dashboard.api import panels

    open_for(office, version)
    page = text(as_user(office.tc1).get("/inbox/"))
    assert 'href="/dossiers/new/"' in page and 'href="/inbox/"' in page
    assert {"my_work", "my_dossiers"} <= {panel.code for panel in panels}


def panels_of(client):
    """Return the panels of the home page by code."""
    pieces = re.split(r'aria-labelledby="panel-(\w+)"', client.get("/").content.decode())
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def test_decisions_stand_apart_from_other_work_and_late_ones_beside(office, version, as_user):
    make_home()
    task = claim(task_of(open_for(office, version), "op_tc").pk, by=office.tc1)
    drawn = panels_of(as_user(office.tc1))
    assert "to_approve" in drawn
    assert not {"my_work", "due_soon"} & drawn.keys()
    type(task).objects.filter(pk=task.pk).update(scheduled=timezone.now() - timedelta(days=3))
    assert f'href="/tasks/{task.pk}/"' in panels_of(as_user(office.tc1))["due_soon"]
    drawn = panels_of(as_user(office.people["outsider"]))
    assert "my_work" in drawn
    assert not {"to_approve", "due_soon"} & drawn.keys()
