"""Pages of the list of dossiers: every visible one exactly once, in any order, forwards and backwards."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.flows import open_for
from workflows.dossiers.api import Dossier, DossierAccess
from workflows.engine.api import COUNT_LIMIT
from workflows.inbox.filters import ORDERS, order_of
from workflows.inbox.keyset import Slice, slice_of

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
NAMES = [*ORDERS, *(f"-{name}" for name in ORDERS)]
ROW = st.tuples(
    st.integers(0, 2),  # number
    st.sampled_from(["An", "Bình", "đơn", "", 'x"\\%_']),  # subject
    st.sampled_from(["running", "approved", "returned"]),
    st.integers(0, 2),  # day of receipt
    st.none() | st.integers(0, 2),  # day when due
    st.booleans(),  # visible
)


def _store(office, version, rows) -> list[Dossier]:
    made = Dossier.objects.bulk_create(
        Dossier(
            type=version.type,
            version=version,
            number=f"{number}/2026",
            subject=subject,
            state=state,
            submitter=office.ann,
            opened_at=START + timedelta(days=opened, microseconds=opened),
            due_at=None if due is None else START + timedelta(days=due),
        )
        for number, subject, state, opened, due, _seen in rows
    )
    granted = [dossier for dossier, row in zip(made, rows, strict=True) if row[-1]]
    DossierAccess.objects.bulk_create(
        DossierAccess(dossier=dossier, principal=f"user:{office.tc1.pk}") for dossier in granted
    )
    return granted


def _walk(found, order, size) -> list[Slice]:
    pages = [slice_of(found, order, size=size)]
    while pages[-1].next:
        pages.append(slice_of(found, order, size=size, after=pages[-1].next))
    return pages


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=12), size=st.integers(1, 5))
def test_all_pages_together_hold_every_visible_dossier_once(office, version, name, rows, size):
    DossierAccess.objects.all().delete()
    Dossier.objects.all().delete()
    granted = _store(office, version, rows)
    order, seen = order_of(name), Dossier.objects.visible_to(office.tc1)
    pages = _walk(seen, order, size)
    keys = [key for page in pages for key in page.keys]
    assert sorted(keys) == sorted(dossier.pk for dossier in granted)
    assert keys == list(order.sorted(seen).values_list("pk", flat=True))
    assert pages[0].previous == ""
    for page, following in itertools.pairwise(pages):
        back = slice_of(seen, order, size=size, before=following.previous)
        assert (back.keys, back.next) == (page.keys, page.next)
        assert bool(back.previous) == bool(page.previous)


def test_dossiers_without_a_due_date_stand_behind_all_others(office, version):
    due = [1, None, 0]
    _store(office, version, [(n, "An", "running", 0, day, True) for n, day in enumerate(due)])
    order, seen = order_of("due_at"), Dossier.objects.visible_to(office.tc1)
    numbers = [Dossier.objects.get(pk=key).number for page in _walk(seen, order, 1) for key in page.keys]
    assert numbers == ["2/2026", "0/2026", "1/2026"]


def test_links_keep_filters_and_order(office, version, as_user):
    _store(office, version, [(n, f"Mua {n:02d}", "running", 0, None, True) for n in range(60)])
    client, found, url = as_user(office.tc1), [], "/dossiers/?tab=all&state=running&q=mua&sort=subject"
    for _page in range(3):
        text = client.get(url).content.decode()
        found += re.findall(r"Mua (\d\d)</a>", text)
        links = re.findall(r'rel="next"\s+href="([^"]+)"', text)
        url = "/dossiers/" + links[0].replace("&amp;", "&") if links else ""
    assert (found, url) == ([f"{n:02d}" for n in range(60)], "")


@pytest.mark.parametrize("cursor", ["x", "=", "W10", "bnVsbA", "WyJhIiwgMV0", "W251bGwsMV0", "a" * 3000, "é"])
@pytest.mark.parametrize("name", ["after", "before"])
def test_a_cursor_that_was_not_made_here_shows_the_first_page(office, version, as_user, name, cursor):
    dossier = open_for(office, version)
    address = "/dossiers/?" + urlencode({"tab": "all", name: cursor})
    assert f"/dossiers/{dossier.pk}/" in as_user(office.ann).get(address).content.decode()


def test_an_empty_page_behind_a_cursor_leads_to_the_first_one(office, version, as_user):
    _store(office, version, [(n, "An", "running", 0, None, True) for n in range(26)])
    client = as_user(office.tc1)
    last = client.get("/dossiers/?tab=all").context["page"].next
    DossierAccess.objects.filter(dossier=Dossier.objects.order_by("opened_at", "pk")[0]).delete()
    answer = client.get("/dossiers/", {"tab": "all", "after": last})
    assert (answer.status_code, answer["Location"]) == (302, "/dossiers/?tab=all")


@pytest.mark.parametrize(("number", "words"), [(3, "3"), (COUNT_LIMIT, "100+"), (COUNT_LIMIT + 30, "100+")])
def test_counting_stops_at_the_limit_and_knows_nothing_of_hidden_dossiers(
    office, version, as_user, number, words
):
    rows = [(0, "An", "running", n % 3, None, n < number) for n in range(number + 40)]
    _store(office, version, rows)
    page = as_user(office.tc1).get("/dossiers/?tab=all")
    assert page.context["count"].words == words
    assert f"{words} hồ sơ" in page.content.decode()


def test_cursors_of_another_reader_show_nothing_hidden(office, version, as_user):
    _store(office, version, [(n, f"Kín {n}", "running", 0, None, True) for n in range(30)])
    cursor = as_user(office.tc1).get("/dossiers/?tab=all").context["page"].next
    answer = as_user(office.outsider).get("/dossiers/", {"tab": "all", "after": cursor}, follow=True)
    assert "Kín" not in answer.content.decode()
    assert answer.context["count"] == 0


@pytest.mark.parametrize(
    "address", ["/inbox/?tab=claim", "/dossiers/?tab=all", "/dossiers/?tab=all&q=01/2026"]
)
def test_lists_cost_the_same_for_ten_and_for_three_hundred(office, version, as_user, counted, address):
    client = as_user(office.tc1)

    def cost() -> int:
        client.get(address)
        response, queries = counted(lambda: client.get(address))
        assert response.status_code == 200
        return len(queries)

    open_for(office, version)
    _store(office, version, [(1, "An", "running", n % 3, None, True) for n in range(9)])
    few = cost()
    _store(office, version, [(1, "An", "running", n % 3, None, True) for n in range(290)])
    assert cost() == few


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("12/2026-qđ", True),
        ("12/2026-qd", True),
        ("12/2026", True),
        ("2/2026", False),
        ("(may", True),
        ("ay", False),
    ],
)
def test_numbers_and_words_are_found_by_their_beginning(office, version, as_user, query, found):
    (dossier,) = _store(office, version, [(1, "Mua (máy) in", "running", 0, None, True)])
    Dossier.objects.filter(pk=dossier.pk).update(number="12/2026-QĐ")
    text = as_user(office.tc1).get("/dossiers/", {"tab": "all", "q": query}).content.decode()
    assert (f'href="/dossiers/{dossier.pk}/"' in text) == found


def test_a_number_is_found_before_subjects_that_speak_of_it(office, version, as_user):
    rows = [(1, "Theo văn bản 2/2026", "running", 0, None, True), (2, "An", "running", 0, None, True)]
    _store(office, version, rows)
    page = as_user(office.tc1).get("/dossiers/", {"tab": "all", "q": "2/2026"})
    assert [line.dossier.number for line in page.context["lines"]] == ["2/2026"]
