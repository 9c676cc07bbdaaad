"""Texts with holes, and the shelf on which they stand."""

from __future__ import annotations

import pytest

from home.base.kept import Kept, Shelf, hole

pytestmark = pytest.mark.once


def test_holes_are_filled_at_each_request():
    kept = Kept.of(f"<p>Chào {hole('name')}, {hole('name')}!</p>")
    assert kept.filled({"name": lambda: "Hương"}) == "<p>Chào Hương, Hương!</p>"
    assert kept.filled({"name": lambda: "Đức"}) == "<p>Chào Đức, Đức!</p>"


def test_the_bytes_are_those_of_the_text():
    said = {"name": lambda: "Hương", "other": lambda: "<b>"}
    for text in (f"Đề án {hole('name')}{hole('other')} số 5", hole("name"), "không có lỗ", ""):
        kept = Kept.of(text)
        assert kept.encoded(lambda name: said[name]().encode()) == kept.filled(said).encode()


def test_a_hole_that_nobody_fills_is_an_error():
    with pytest.raises(KeyError, match="token"):
        Kept.of(hole("token")).filled({})


def test_a_text_without_holes_stays_as_it_is():
    assert Kept.of("token-name-").filled({}) == "token-name-"


def test_what_was_not_asked_for_longest_goes_first():
    shelf = Shelf(capacity=100)
    for number in range(10):
        shelf.put(number, Kept.of("x" * 10))
    shelf.get(0)
    shelf.put(10, Kept.of("x" * 10))
    assert shelf.get(0) is not None
    assert shelf.get(1) is None
    assert shelf.get(10) is not None


def test_a_text_that_would_push_out_all_others_is_not_kept():
    shelf = Shelf(capacity=100)
    shelf.put("small", Kept.of("x" * 10))
    shelf.put("large", Kept.of("x" * 11))
    assert shelf.get("large") is None
    assert shelf.get("small") is not None


def test_a_text_put_twice_counts_once():
    shelf = Shelf(capacity=100)
    for _ in range(50):
        shelf.put("same", Kept.of("x" * 10))
    shelf.put("other", Kept.of("y" * 10))
    assert shelf.get("same") is not None
