"""What helps to find: narrowing, suggestions, promoted results, better words, and the record of what was not found."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits, SearchPromotion

from home.base.api import Hit, SearchSource, search_sources
from home.pages import looking
from home.pages.promoted import forget_missed
from tests.factories.pages import make_news, make_notice, make_page
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_help")]


@pytest.fixture
def reader(client):
    client.force_login(make_member(DepartmentFactory(name="Phòng Đô thị", code="PDT")))
    return client


def context_of(client, **query):
    response = client.get("/search/", query)
    assert response.status_code == 200
    return response.context


def found(client, **query):
    groups = context_of(client, **query).get("groups") or []
    return {group.code: (group.total, [shown.hit.title for shown in group.hits]) for group in groups}


def test_results_are_narrowed_by_kind_department_and_period(reader):
    above = DepartmentFactory(name="Sở", code="SO")
    below = DepartmentFactory(name="Phòng của sở", code="PS", parent=above)
    today = timezone.localdate()
    for number in range(17):
        make_news(title=f"Họp {number}", published_on=today - timedelta(days=10 + number))
    make_news(title="Họp của phòng", department=below, published_on=today)
    make_notice(title="Họp cũ", published_on=date(2020, 1, 1))
    assert {code: total for code, (total, _titles) in found(reader, q="hop").items()} == {
        "news": 18,
        "notices": 1,
    }
    context = context_of(reader, q="hop", **{"in": "news", "page": "2"})
    assert context["page_of"].paginator.num_pages == 2
    assert [(kind.code, kind.count, kind.chosen) for kind in context["kinds"]] == [
        ("notices", "1", False),
        ("news", "18", True),
    ]
    assert found(reader, q="hop", **{"in": "news", "page": "99"})["news"][1][-1] == "Họp 16"
    assert found(reader, q="hop", department="SO") == {"news": (1, ["Họp của phòng"])}
    assert found(reader, q="hop", period="week") == {"news": (1, ["Họp của phòng"])}
    assert found(reader, q="hop", period="month")["news"][0] == 18
    assert found(reader, q="hop", department="SO", period="last_year") == {}


def test_many_results_stand_in_the_order_of_few(reader, monkeypatch):
    for number in range(7):
        make_news(title=f"Báo cáo {number}", published_on=date(2026, 1, number + 1))
    make_page(title="Sổ tay", body=[("text", "<p>báo cáo</p>")])
    few = found(reader, q="bao cao")
    assert few == {"news": (7, [f"Báo cáo {number}" for number in (6, 5, 4, 3, 2)]), "pages": (1, ["Sổ tay"])}
    monkeypatch.setattr(looking, "FEW", 3)
    assert found(reader, q="bao cao") == few


def test_functions_are_searched_counted_and_leafed_through(reader):
    def dig(user, query, limit):
        return [Hit(f"Mẫu {number} {query}", f"/x/{number}") for number in range(33)][:limit]

    source = SearchSource(code="samples", label="Mẫu", search=dig, suggest=lambda u, q, n: dig(u, q, n)[:1])
    with search_sources.override(source):
        assert found(reader, q="mau")["samples"][0] == 20
        assert context_of(reader, q="mau")["kinds"][0].count == "20+"
        context = context_of(reader, q="mau", **{"in": "samples", "page": "3"})
        assert [len(context["groups"][0].hits), context["kinds"][0].count] == [3, "33"]
        assert "samples" not in found(reader, q="mau", period="year")
        assert "Mẫu</mark> 0" in reader.get("/search/suggest/?q=mau").content.decode()


def test_suggestions_name_namesakes_apart_and_numbers_of_dossiers(reader):
    for name in ("Phòng Một", "Phòng Hai"):
        make_member(DepartmentFactory(name=name), last_name="Nguyễn Văn", first_name="Đức")
    make_news(title="Chúc mừng Nguyễn Văn Đức")
    html = reader.get("/search/suggest/", {"q": "nguyen van d"}).content.decode()
    assert "<mark>Nguyễn</mark> <mark>Văn</mark> <mark>Đ</mark>ức" in html
    assert html.index("Phòng") < html.index("Chúc mừng")
    assert {"Phòng Một", "Phòng Hai"} <= set(html.replace("<", ">").split(">"))
    assert reader.get("/search/suggest/?q=n").content.decode().strip() == ""
    assert reader.get("/search/suggest/?q=khongco").content.decode().strip() == ""


def test_promoted_results_stand_above_for_these_words_only(reader):
    page = make_page(title="Sổ tay nhân sự")
    hidden = make_page(title="Bản nháp", live=False)
    query = Query.get("Nghỉ phép")
    for order, target in enumerate([page, hidden]):
        SearchPromotion.objects.create(
            query=query, page_id=target.pk, sort_order=order, description="Đọc trước"
        )
    SearchPromotion.objects.create(
        query=query, external_link_url="https://a.example/", external_link_text="Cổng"
    )
    shown = context_of(reader, q="NGHI  phép")["promoted"]
    assert [item.hit.title for item in shown] == ["Sổ tay nhân sự", "Cổng"]
    assert context_of(reader, q="nghi phep nam")["promoted"] == []
    assert QueryDailyHits.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("de na do thi", "Đề án đô thị"),
        ("ngueyn van duc", "Nguyễn Văn Đức"),
        ("thong mnh", "thông minh"),
        ("thong mxnh", "thông minh"),
        ("hoi nghi cong chxc", "Hội nghị công chức"),
        ("xyzzy qqq", ""),
        ("thông", ""),
        ("12345", ""),
    ],
)
def test_better_words_are_offered(reader, typed, meant):
    make_news(title="Đề án đô thị thông minh")
    make_news(title="Hội nghị công chức")
    UserFactory(last_name="Nguyễn Văn", first_name="Đức")
    context = context_of(reader, q=typed)
    assert context["meant"] == meant
    if meant:
        assert found(reader, q=meant)


def test_searches_that_find_nothing_are_counted_without_anybody(reader, client):
    make_news(title="Tin")
    for query in ("Khong co", "khong  CO", "tin", "a@b.example", "0912 345 678", "khong co", "%"):
        context_of(reader, q=query)
    context_of(reader, q="khong co", period="week")
    assert [(query.query_string, query.hits) for query in Query.objects.all()] == [("khong co", 3)]
    client.force_login(UserFactory(is_superuser=True))
    report = client.get("/admin/reports/missed-searches/").content.decode()
    assert "khong co" in report
    assert "Lượt tìm không có kết quả" in report
    menu = client.get("/admin/").content.decode()
    assert "/admin/reports/missed-searches/" in menu
    assert "search-terms" not in menu
    QueryDailyHits.objects.update(date=date(2020, 1, 1))
    forget_missed()
    assert not Query.objects.exists()
