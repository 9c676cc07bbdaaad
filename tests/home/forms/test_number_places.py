"""Zeros behind the comma are no decimal places."""

from __future__ import annotations

import pytest

from home.forms.api import build_form
from tests.factories.forms import field, schema


@pytest.mark.parametrize(
    ("typed", "good"), [("1000", True), ("1000.0", True), ("2,50", False), ("2,00", True)]
)
def test_whole_numbers(typed, good):
    form = build_form(schema(field("n", "number", places=0)), user=None, data={"n": typed})
    assert form.is_valid() is good


@pytest.mark.parametrize("places", [0, 1, 2])
@pytest.mark.parametrize("typed", ["1.000", "1,000"])
def test_three_digits_behind_a_mark_are_thousands(places, typed):
    form = build_form(schema(field("n", "number", places=places)), user=None, data={"n": typed})
    assert form.is_valid()
    assert form.answers()["n"] == 1000
