"""One chooser for people: searched without diacritics, short lists, and nobody who is not allowed."""

from __future__ import annotations

import pytest
from django import forms
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from home.people.api import (
    LIMIT,
    PersonField,
    SearchingForm,
    User,
    departments_like,
    is_search,
    people_options,
)
from tests.factories.people import DepartmentFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


class Ask(SearchingForm, forms.Form):
    """A person, a reason and some boxes."""

    who = PersonField(label="Ai")
    why = forms.CharField()
    boxes = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)


@pytest.fixture
def many():
    """More people than a list shows."""
    return UserFactory.create_batch(LIMIT + 5)


def flat(form):
    return " ".join(str(form["who"]).split())


def test_a_small_office_needs_no_search():
    people = UserFactory.create_batch(3)
    shown = flat(Ask())
    assert "who-find" not in shown
    assert all(f'value="{person.pk}"' in shown for person in people)


def test_of_many_a_short_list_and_a_search_is_shown(many):
    shown = flat(Ask())
    assert shown.count('type="radio"') == LIMIT
    assert 'name="who-find"' in shown
    found = people_options(User.objects.active())
    assert (len(found.options), found.total, found.of) == (LIMIT, LIMIT + 5, LIMIT + 5)


def test_a_name_is_found_without_diacritics_and_by_its_login(many):
    person = UserFactory(last_name="Đặng", first_name="Thị Hồng Gấm", username="gam.dth")
    for query in ("hong gam", "ĐẶNG", "gam.dth"):
        found = people_options(User.objects.active(), query=query)
        assert [option.value for option in found.options] == [str(person.pk)], query
    assert people_options(User.objects.active(), query="khong co ai").options == []


def test_who_is_chosen_stays_in_the_list(many):
    chosen = many[-1]
    found = people_options(User.objects.active(), query="nobody like this", chosen=str(chosen.pk))
    assert [option.value for option in found.options] == [str(chosen.pk)]
    for odd in ("x", "-1", "9" * 30, f"dept:{chosen.pk}"):
        assert people_options(User.objects.none(), chosen=odd, prefix="").options == []


def test_the_place_tells_namesakes_apart():
    one, other = UserFactory(last_name="Lê", first_name="An"), UserFactory(last_name="Lê", first_name="An")
    place = MembershipFactory(user=other)
    notes = {option.value: option.note for option in people_options(User.objects.active()).options}
    assert notes[str(one.pk)] == ""
    assert place.department.name in notes[str(other.pk)]


def test_the_list_costs_the_same_for_few_and_many(many):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            people_options(User.objects.active(), query="n")
        return len(captured)

    few = queries()
    UserFactory.create_batch(30)
    assert queries() == few


def test_a_search_keeps_what_was_typed_and_says_nothing_of_mistakes(many):
    data = QueryDict("find=who&who-find=gam&who=&why=V%C3%AC&boxes=b")
    form = Ask(data)
    assert is_search(data) and not form.is_valid() and not form.errors
    assert 'value="gam"' in flat(form)
    assert form["why"].value() == "Vì"
    assert form["boxes"].value() == ["b"]


def test_only_who_is_allowed_is_accepted(many):
    closed = UserFactory(is_active=False)
    assert not Ask({"who": closed.pk, "why": "x", "boxes": ["a"]}).is_valid()
    form = Ask({"who": many[-1].pk, "why": "x", "boxes": ["a"]})
    assert form.is_valid() and form.cleaned_data["who"] == many[-1]


def test_departments_are_found_by_name_and_code():
    unit = DepartmentFactory(name="Phòng Tài chính", code="TCKT")
    DepartmentFactory(name="Phòng Đào tạo", code="DT")
    DepartmentFactory(name="Phòng Tài chính cũ", code="TCC", is_active=False)
    for query in ("tai chinh", "tckt"):
        assert [option.value for option in departments_like(query)] == [f"dept:{unit.pk}"]
