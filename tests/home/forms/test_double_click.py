"""The same form sent several times at the same moment, on several connections."""

import threading
import uuid

import pytest
from django.db import connections

from home.forms.api import Submission, freeze, submit
from tests.factories.forms import field, schema


def send(by, key):
    row = freeze(schema(field()))
    return submit(row, by=by, key=key, handler="counting", source="page:1", answers={"a": "x"})


@pytest.mark.django_db(transaction=True)
def test_a_double_click_stores_once(lan, counting):
    freeze(schema(field()))
    key, urls, errors = uuid.uuid4().hex, [], []
    start = threading.Barrier(4)

    def click():
        try:
            start.wait()
            urls.append(send(lan, key).result_url)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert errors == []
    assert Submission.objects.count() == 1
    assert set(urls) == {Submission.objects.get().result_url}
    assert len(counting.calls) == 1
