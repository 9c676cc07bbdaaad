"""Folding, normal forms and the Vietnamese order of names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home.people.api import fold, key_in, nfc
from home.people.text import sort_key


@pytest.mark.parametrize("typed", ["Đức", "đức", unicodedata.normalize("NFD", "Đức"), "ĐỨC", "duc", "  Duc "])
def test_duc_is_found_however_it_is_typed(typed):
    assert fold(typed) == "duc"


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_folding_does_not_see_case_composition_or_outer_space(text):
    assert (
        fold(unicodedata.normalize("NFD", text))
        == fold(unicodedata.normalize("NFC", text))
        == fold(f" {text} ")
    )


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_normal_form_is_stable_and_free_of_invisible_characters(text):
    once = nfc(text)
    assert nfc(once) == once
    assert unicodedata.normalize("NFC", once) == once
    assert not any(unicodedata.category(c) == "Cc" or c in "\u200b\u202e\ufeff" for c in once)


def test_names_sort_by_letters_then_tones():
    names = ["Ân", "An", "Án", "Ăn", "Đức", "Dũng", "Dung", "Ơn", "Oanh", "Ông", "Anh", "ưng", "Uyên"]
    expected = ["An", "Án", "Anh", "Ăn", "Ân", "Dung", "Dũng", "Đức", "Oanh", "Ông", "Ơn", "Uyên", "ưng"]
    assert sorted(names, key=sort_key) == expected


def test_given_name_counts_before_family_name():
    people = [("Bình", "Trần"), ("An", "Vũ"), ("Bình", "Đỗ"), ("An", "Lê Thị")]
    assert sorted(people, key=lambda p: sort_key(*p)) == [
        ("An", "Lê Thị"), ("An", "Vũ"), ("Bình", "Đỗ"), ("Bình", "Trần"),
    ]  # fmt: skip


@given(st.text(), st.text())
def test_sort_keys_are_digits_that_every_collation_orders_alike(one, two):
    key = sort_key(one, two)
    assert not key or (key.isascii() and key.isdecimal())


@pytest.mark.parametrize(
    "sent", ["", "-1", "+1", " 1", "1.0", "²", "١٢", "1" * 19, "abc", "1\n", None, "dept:3"]
)
def test_what_is_no_key_is_none(sent):
    assert key_in(sent) is None


def test_keys_are_read_as_the_database_holds_them():
    assert [key_in(sent) for sent in ("7", "007", 7, "9" * 18)] == [7, 7, 7, 10**18 - 1]
