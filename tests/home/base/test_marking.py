"""Words that were looked for are marked in what was written, whatever its form, and nothing else gets through."""

from __future__ import annotations

import unicodedata

import pytest

from home.base.api import marked, piece_of, query_text, query_words

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "words", "html"),
    [
        ("Đề án đô thị", ["de", "an"], "<mark>Đề</mark> <mark>án</mark> đô thị"),
        ("Đền Hùng, an ninh, ẩn, anh", ["de", "an"], "Đền Hùng, <mark>an</mark> ninh, <mark>ẩn</mark>, anh"),
        ("a<b> & án", ["an", "b"], "a&lt;<mark>b</mark>&gt; &amp; <mark>án</mark>"),
        ("<mark>x</mark>", ["mark"], "&lt;<mark>mark</mark>&gt;x&lt;/<mark>mark</mark>&gt;"),
        ("15/TB-VP", ["15", "tb", "vp"], "<mark>15</mark>/<mark>TB</mark>-<mark>VP</mark>"),
        ("chữ", [], "chữ"),
        ("İ ß ﬁ 日本", ["i"], "<mark>İ</mark> ß ﬁ 日本"),
    ],
)
def test_folded_words_are_marked_in_the_original(text, words, html):
    assert marked(text, words) == html
    decomposed = unicodedata.normalize("NFD", marked(unicodedata.normalize("NFD", text), words))
    assert decomposed == unicodedata.normalize("NFD", html)


def test_the_last_word_may_go_on_where_it_is_still_being_typed():
    assert (
        marked("Nguyễn Văn Đức", ["van", "du"], beginning=True) == "Nguyễn <mark>Văn</mark> <mark>Đứ</mark>c"
    )
    assert marked("dư luận và đường vân", ["van", "du"], beginning=True).count("<mark>") == 3


def test_a_piece_of_the_text_holds_the_first_word_found():
    text = " ".join(["mở đầu"] * 100 + ["đề án"] + ["kết thúc"] * 100)
    piece = piece_of(text, ["de", "an"])
    assert piece.startswith("… ")
    assert piece.endswith(" …")
    assert "đề án" in piece
    assert len(piece) < 230
    assert piece_of(text, ["khong"]).startswith("mở đầu")
    assert piece_of("ngắn", ["x"]) == "ngắn"
    assert len(piece_of("x" * 5000, ["de"])) < 230
    assert piece_of("", ["de"]) == ""


def test_a_query_is_bounded_and_holds_no_sign():
    assert query_words("“Đề-án_đô thị” 100%") == ["de", "an", "do", "thi", "100"]
    assert len(query_words("a " * 30_000)) == 12
    assert len(query_text("x" * 60_000)) == 200
    assert query_text(" a\0b \n c ") == "ab c"
