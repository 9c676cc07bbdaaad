"""The browser decides conditions as the server does: both are held to one table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import find

from home.forms.api import FormSchema, build_form
from tests.home.forms.rule_cases import CASES, form_of

pytestmark = pytest.mark.once

DECIDE = """
cases => cases.map(({data, typed}) => {
  const field = data.fields.a;
  const values = {a: {shape: field.shape, value: window.formsRules.parse(field, typed)}};
  return data.rules[0].show.every(condition => window.formsRules.holds(condition, values));
})
"""


def test_every_case_of_the_table_is_decided_alike(browser: Any) -> None:
    script = Path(str(find("forms/forms.js"))).read_text(encoding="utf-8")
    cases = []
    for options, op, value, typed, _expected in CASES:
        data = build_form(FormSchema.parse(form_of(options, op, value)), user=None).logic.data
        assert not data["asks"], (options, op)
        cases.append({"data": data, "typed": typed})
    page = browser.new_page()
    page.evaluate(script)
    found = page.evaluate(DECIDE, cases)
    page.close()
    wrong = [case for case, decided in zip(CASES, found, strict=True) if decided is not case[-1]]
    assert not wrong
