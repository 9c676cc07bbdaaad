"""The matters that rooms above offer for delegations."""

import pytest

from home.people.api import MatterSource, known_matters, matters
from home.people.matters import codes_of, covers, in_common


def test_sources_offer_their_matters_in_order_and_the_first_of_a_code_counts():
    one = MatterSource(code="one", label=lambda: [("leave", "Nghỉ phép"), ("car", "Xe công")])
    two = MatterSource(code="two", label=lambda: [("car", "Xe khác"), ("room", "Phòng")])
    with matters.override(one, two, without=matters.codes()):
        assert list(known_matters().items()) == [
            ("leave", "Nghỉ phép"),
            ("car", "Xe công"),
            ("room", "Phòng"),
        ]


def test_a_source_that_breaks_is_heard():
    def broken():
        raise RuntimeError("no types today")

    with matters.override(MatterSource(code="x", label=broken)), pytest.raises(RuntimeError):
        known_matters()


@pytest.mark.parametrize(
    ("stored", "codes"),
    [([], None), (["a", "a"], {"a"}), ("a", set()), (None, set()), ({}, set()), ([1], {"1"})],
)
def test_an_empty_list_means_all_and_what_is_no_list_nothing(stored, codes):
    assert codes_of(stored) == codes


@pytest.mark.parametrize(
    ("one", "two", "shared"),
    [
        (None, None, None),
        (None, frozenset("a"), frozenset("a")),
        (frozenset("ab"), frozenset("bc"), frozenset("b")),
        (frozenset("a"), frozenset("b"), frozenset()),
    ],
)
def test_what_two_mandates_share(one, two, shared):
    assert in_common(one, two) == in_common(two, one) == shared


def test_no_matter_in_particular_is_covered_by_all_only():
    assert covers(None, "") and covers(None, "a") and covers(frozenset("a"), "a")
    assert not covers(frozenset("a"), "") and not covers(frozenset([""]), "")
