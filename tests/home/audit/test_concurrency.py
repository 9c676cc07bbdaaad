"""Fifty writers at once leave one chain without gaps, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from home.audit.api import Entry, record, verify

WRITERS, ROUNDS = 50, 3


@pytest.mark.django_db(transaction=True)
def test_fifty_writers_leave_no_gap():
    barrier = Barrier(WRITERS)

    def write(number):
        try:
            barrier.wait()
            for turn in range(ROUNDS):
                with transaction.atomic():
                    record(
                        Entry(verb="a", target=f"dossier:{number}", data={"turn": turn}),
                        Entry(verb="b", target=f"dossier:{number}"),
                    )
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    numbers = list(Entry.objects.values_list("seq", flat=True))
    assert numbers == list(range(1, WRITERS * ROUNDS * 2 + 1))
    assert verify() is None
    for number in range(WRITERS):
        own = Entry.objects.filter(target=f"dossier:{number}").order_by("seq").values_list("verb", "data")
        assert [verb for verb, _data in own] == ["a", "b"] * ROUNDS
        assert [data["turn"] for verb, data in own if verb == "a"] == list(range(ROUNDS))
