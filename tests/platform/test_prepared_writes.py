"""Rows written by SQL that is built once are what Django would have written."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from home.forms.api import FormSchema, Submission, freeze
from home.notifications.models import Notification
from plugins.api.api import PreparedInsert, PreparedUpdate
from plugins.api.prepared_writes import MOST_ROWS
from tests.factories.flows import make_office

pytestmark = pytest.mark.django_db


def notification(person, text="Tờ trình “50%” – ' \" ; --"):
    return Notification(recipient=person, kind="any", params={"text": text, "n": [1, None]}, url="/")


def test_a_row_is_stored_as_django_stores_it_and_has_its_key():
    office = make_office()
    mine = PreparedInsert(Notification).one(notification(office.tc1))
    theirs = Notification.objects.create(
        recipient=office.tc1, kind="any", params=mine.params, url="/", created_at=mine.created_at
    )
    columns = [field.attname for field in Notification._meta.concrete_fields if not field.primary_key]
    found = Notification.objects.get(pk=mine.pk)
    assert [getattr(found, name) for name in columns] == [getattr(theirs, name) for name in columns]
    assert mine._state.adding is False
    assert mine == found


@pytest.mark.parametrize("number", [0, 1, 3, MOST_ROWS, MOST_ROWS + 5])
def test_many_rows_cost_one_query_and_each_has_its_own_key(number):
    office = make_office()
    rows = [notification(office.tc1, f"Số {n}") for n in range(number)]
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        PreparedInsert(Notification).all(rows)
    writes = [query for query in asked if query["sql"].startswith("INSERT")]
    assert len(writes) == (1 if number else 0)
    stored = {row.pk: row.params["text"] for row in Notification.objects.all()}
    assert stored == {row.pk: row.params["text"] for row in rows}


def test_a_row_that_is_there_already_is_passed_over_or_refused():
    office = make_office()
    once = PreparedInsert(Notification, ignore_conflicts=True)
    first, again = (notification(office.tc1, text) for text in ("một", "hai"))
    first.key = again.key = "the same"
    assert once.is_new(first)
    assert not once.is_new(again)
    assert again.pk is None
    assert Notification.objects.get().params["text"] == "một"
    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedInsert(Notification).one(again)


def test_a_row_that_refers_to_nothing_stored_is_refused():
    office = make_office()
    nobody = type(office.tc1)(username="ma")
    with pytest.raises(ValueError, match="unsaved"):
        PreparedInsert(Notification).one(notification(nobody))


def test_only_the_named_columns_are_written():
    office = make_office()
    row = PreparedInsert(Notification).one(notification(office.tc1))
    row.url, row.kind, row.params = "/x/", "other", {"text": "mới"}
    PreparedUpdate(Notification, "url", "params").save(row)
    found = Notification.objects.get()
    assert (found.url, found.kind, found.params) == ("/x/", "any", {"text": "mới"})


def test_nothing_can_be_written_to_a_row_that_is_gone():
    office = make_office()
    row = PreparedInsert(Notification).one(notification(office.tc1))
    Notification.objects.all().delete()
    with pytest.raises(DatabaseError, match="There is no"):
        PreparedUpdate(Notification, "url").save(row)


def test_moments_that_are_set_by_themselves_are_set():
    office = make_office()
    schema = freeze(
        FormSchema.parse({"sections": [{"fields": [{"key": "a", "kind": "text", "label": "A"}]}]})
    )
    sent = PreparedInsert(Submission).one(
        Submission(schema=schema, by=office.tc1, answers={}, handler="store", source="x", key="1")
    )
    assert Submission.objects.get().at == sent.at


def test_signals_are_not_sent(django_assert_num_queries):
    office, heard = make_office(), []

    def hear(sender, **kwargs):
        heard.append(sender)

    models.signals.post_save.connect(hear, sender=Notification)
    try:
        with django_assert_num_queries(1):
            PreparedInsert(Notification).one(notification(office.tc1))
    finally:
        models.signals.post_save.disconnect(hear, sender=Notification)
    assert heard == []
