"""Kinds of questions on the way of a dossier: a link to a dossier one may see, a table that grows, words of papers."""

from __future__ import annotations

from typing import Any

import pytest

from home.forms.api import build_form, display
from tests.factories.flows import approve, definition, open_for, task_of
from tests.factories.forms import field, schema
from workflows.definitions.api import Definition, check, publish
from workflows.dossiers.api import Dossier
from workflows.engine.api import filled

COLUMNS = [field("what", label="Nội dung", required=True), field("cost", "money", label="Tiền")]
TABLE = field("costs", "table", label="Chi phí", columns=COLUMNS, totals=["cost"], required=True)
LINK = field("of", "dossier", label="Hồ sơ gốc")
FILL = {
    "id": "fill",
    "kind": "data_entry",
    "title": "Bổ sung",
    "who": {"user": "tc1"},
    "fallback": {"position": "chief", "department": "VP"},
    "fields": [{**TABLE, "key": "more"}, {**LINK, "key": "other"}],
}
FORM = {"sections": [{"fields": [field("subject", label="Trích yếu", required=True), TABLE, LINK]}]}


def test_a_dossier_link_offers_and_shows_only_what_one_may_see(office: Any, version: Any) -> None:
    secret = open_for(office, version, by=office.tc1, subject="Rất kín")
    own = open_for(office, version, by=office.ann, subject="Của An")
    asked = schema(field(kind="dossier"))

    def form(user: Any, number: str, **more: Any) -> Any:
        return build_form(asked, user=user, data={"a": number}, **more)

    assert form(office.ann, own.number).is_valid()
    answers = form(office.tc1, f"{secret.number} – Rất kín")
    assert answers.is_valid() and answers.answers() == {"a": {"id": secret.pk, "number": secret.number}}
    given = answers.answers()
    # To whom it is closed it does not exist: the same words as for a number that nobody has.
    outsider = office.outsider
    for number in (secret.number, "99/2026-TTr", "x" * 50_000, "\0"):
        assert not form(outsider, number).is_valid() or not number.strip("\0")
    closed, unknown = (str(form(outsider, one).errors).replace(one, "?") for one in (secret.number, "9/9999"))
    assert closed == unknown and "Rất kín" not in str(form(outsider, secret.number))
    assert "Rất kín" in str(build_form(asked, user=office.tc1)) and own.number in str(
        build_form(asked, user=office.ann)
    )
    # An answer that was there may stay, whoever fills in the rest.
    kept = form(outsider, secret.number, initial=given)
    assert kept.is_valid() and kept.answers() == given
    row = display(asked, given, reader=office.tc1)[0]
    assert row.link is not None and "Rất kín" in row.link.text and row.link.url.endswith(f"/{secret.pk}/")
    for row in (display(asked, given)[0], display(asked, given, reader=outsider)[0]):
        assert row.link is None and row.text == secret.number


def test_tables_and_links_go_from_the_form_through_a_step_to_the_page(office: Any, client: Any) -> None:
    raw = definition(FILL, approve("sign", {"user": "chief"}), form=FORM)
    parsed = Definition.parse(raw)
    assert [finding for finding in check(parsed) if finding.level == "error"] == []
    version = publish(parsed, by=office.chief)
    client.force_login(office.ann)
    posted = {"subject": "Đi công tác", "version": str(version.pk), "costs-row": ["0"]}
    posted |= {"costs-0-what": "Vé", "costs-0-cost": "5"}
    again = client.post("/dossiers/new/trinh-ky/", {**posted, "costs-add": "1"})
    assert (
        again.status_code == 200 and b'name="costs-1-what"' in again.content and not Dossier.objects.exists()
    )
    assert client.post("/dossiers/new/trinh-ky/", posted).status_code == 302
    dossier = Dossier.objects.get()
    assert dossier.answers["costs"] == [{"what": "Vé", "cost": 5}]

    client.force_login(office.tc1)
    page = f"/tasks/{task_of(dossier, 'fill').pk}/"
    seen = client.get(page).context
    typed = {seen["form"].key_name: seen["form"].key, "more-row": ["0"], "more-0-what": "Ở"}
    typed["outcome"] = seen["buttons"][0].outcome.code
    assert client.post(page, {**typed, "more-add": "1"}).status_code == 200
    assert client.post(page, {**typed, "other": dossier.number}).status_code == 302
    dossier.refresh_from_db()
    assert dossier.answers["more"] == [{"what": "Ở"}]
    assert dossier.answers["other"] == {"id": dossier.pk, "number": dossier.number}
    shown = client.get(f"/dossiers/{dossier.pk}/").content.decode()
    assert "forms-grid" in shown and f"{dossier.number} – Đi công tác" in shown


def test_samples_answer_every_kind(office: Any) -> None:
    from tests.home.forms.test_kinds import VARIANTS

    asked = schema(*[field(f"q{number}", code, **options) for number, (code, options) in enumerate(VARIANTS)])
    answers = filled(asked, {}, by=office.ann, optional=True)
    made_up = {question.kind for question in asked.fields() if question.key in answers}
    nothing = {"heading", "static_text", "file", "image", "signature", "dossier"}
    assert made_up == {code for code, _options in VARIANTS} - nothing
    form = build_form(asked, user=office.ann, initial=answers)
    assert str(form)


@pytest.mark.django_db
def test_conditions_are_picked_by_the_shape_that_a_kind_has() -> None:
    from workflows.steps.blocks.asked import asked_in

    fields = [
        TABLE,
        field("h", "heading"),
        field("days", "date_range"),
        field("at", "date_time", required=True),
        field("t", "time"),
        field("c", "choice", several=True, choices=[{"value": "x", "label": "x"}]),
        field("gone", "never.heard.of"),
    ]
    found = asked_in({"form": {"sections": [{"fields": fields}]}})
    assert {key: (one.shape, one.fails_empty) for key, one in found.items()} == {
        "days": ("number", True),
        "at": ("day", False),
        "t": ("text", False),
        "c": ("many", False),
        "gone": ("text", False),
    }
