"""Search by words: the same dossiers, whichever way the database is sent to find them."""

from __future__ import annotations

import pytest
from django.db import connection

from workflows.dossiers.api import FEW, Dossier, DossierAccess
from workflows.inbox import folding, frequency
from workflows.inbox.folding import HoldsWords, matching, words_of
from workflows.inbox.frequency import Forecast, forecast

SUBJECTS = [
    "Đề án mua máy in",
    "Tờ trình (mua) xe – “đợt hai”",
    "Kế hoạch số 12/QĐ-UBND",
    "O'Neil \\ đơn & từ | ngữ : * !",
    "Đề nghị thanh toán",
]
QUERIES = [
    "de an",
    "mua",
    "(mua",
    "12/qd",
    "qd ubnd",
    "o'neil \\",
    "may de",
    "khong co",
    "d",
    "n'g",
    "dot hai",
]
#: How the database is sent: by the index of words alone, by its rarest word, dossier by dossier, in the list's order.
WAYS = {
    "index": (lambda words: Forecast(words), 0),
    "rarest": (lambda words: Forecast(words[:1], words[1:]), 0),
    "few": (lambda words: Forecast(words, (), 1e9, 1e9), 0),
    "many": (lambda words: Forecast(words, (), 1e9, 1e9), FEW + 1),
}


@pytest.fixture
def reader(office, version):
    """Somebody who may see all of these dossiers but the last."""
    made = Dossier.objects.bulk_create(
        Dossier(
            type=version.type, version=version, number=f"{n}/2026-TTr", subject=text, submitter=office.ann
        )
        for n, text in enumerate(SUBJECTS, start=1)
    )
    DossierAccess.objects.bulk_create(
        DossierAccess(dossier=dossier, principal=name)
        for dossier in made[:-1]
        for name in (f"user:{office.tc1.pk}", f"dept:{office.departments['TC'].pk}")
    )
    return office.tc1


def _expected(query: str) -> set[str]:
    words = [word for word in map(folding._bare, folding.fold(query).split()) if word]
    texts = {subject: words_of(f"{n}/2026-TTr", subject) for n, subject in enumerate(SUBJECTS[:-1], start=1)}
    return {subject for subject, text in texts.items() if all(f" {word}" in text for word in words)}


@pytest.mark.parametrize("narrowed", [False, True])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("query", QUERIES)
def test_every_way_finds_the_same_and_nothing_hidden(reader, monkeypatch, way, query, narrowed):
    told, reach = WAYS[way]
    monkeypatch.setattr(folding, "forecast", told)
    monkeypatch.setattr(folding, "reach_of", lambda _user: reach)
    seen = Dossier.objects.visible_to(reader)
    found = matching(seen.filter(state="running") if narrowed else seen, query, reader, narrowed=narrowed)
    assert sorted(found.values_list("subject", flat=True)) == sorted(_expected(query))


def test_some_queries_find_something_and_others_do_not(reader):
    sizes = {query: len(_expected(query)) for query in QUERIES}
    assert sizes["mua"] == 2 and sizes["d"] == 3 and sizes["khong co"] == 0


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_database_folds_as_the_process_does(office, version, subject):
    dossier = Dossier.objects.create(
        type=version.type, version=version, number="07/2026-QĐ", subject=subject, submitter=office.ann
    )
    for word in words_of(dossier.number, dossier.subject).split():
        assert Dossier.objects.filter(HoldsWords([word])).exists(), word
        assert not Dossier.objects.filter(HoldsWords([f"{word}zz"])).exists(), word


@pytest.mark.parametrize("text", ["…", "( – )", "\\", "''"])
def test_signs_alone_find_nothing(reader, text):
    assert not matching(Dossier.objects.visible_to(reader), text, reader).exists()


@pytest.mark.django_db
def test_rare_words_lead_and_frequent_ones_are_left(monkeypatch):
    if connection.vendor != "postgresql":
        assert forecast(["so", "hung"]) == Forecast(["so", "hung"])
        return
    monkeypatch.setattr(frequency.counted, "read", lambda: None)
    monkeypatch.setattr(frequency.counted, "dossiers", 1_000_000.0)
    monkeypatch.setattr(frequency.counted, "shares", {"so": 0.9, "hung": 0.03, "hungary": 0.01, "12": 0.01})
    found = forecast(["so", "hung", "12"])
    assert (found.leading, found.others) == (["12", "hung"], ["so"])
    assert (round(found.lines), round(found.matches)) == (50_000, 400)
    assert forecast(["so"]).matches == 900_000


@pytest.mark.django_db
def test_what_the_database_has_counted_is_read(office, version):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite counts no words.")
    Dossier.objects.bulk_create(
        Dossier(type=version.type, version=version, number=str(n), subject="Mua máy", submitter=office.ann)
        for n in range(200)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE dossiers_dossier")
    frequency.counted.forget()
    try:
        assert forecast(["ma"]).matches == pytest.approx(200, rel=0.1)
        assert forecast(["khong"]).matches == 0
    finally:
        frequency.counted.forget()
