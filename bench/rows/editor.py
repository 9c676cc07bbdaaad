"""The editor of dossier types: what one refresh of the preview costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.context import Context
from bench.registry import Result, row
from bench.rows.inside import median_ms

STEPS = 60


def long_definition(steps: int = STEPS) -> Any:
    """Return a type of so many steps: approvals, opinions in parallel, conditions, notices."""
    from bench.office import wide_definition
    from workflows.definitions.api import Definition

    data = wide_definition().canonical() | {"code": "dai", "title": "Quy trình dài"}
    department = data["department"]
    who = {"who": {"head_of": department}, "fallback": {"pool": {"department": department}}}

    def person(number: int) -> dict[str, Any]:
        return {"id": f"s{number}", "kind": "review", "title": f"Bước thẩm định số {number}", "days": 1} | who

    flow: list[dict[str, Any]] = []
    number = 0
    while number + 4 <= steps:
        block: dict[str, Any] = {"id": f"b{number}", "kind": "parallel", "title": f"Lấy ý kiến {number}"}
        inner = [{"steps": [person(number + n)]} for n in range(3)]
        flow.append(block | {"branches": inner, "rule": {"quorum": 2}})
        number += 4
    flow += [person(number + n) for n in range(steps - number)]
    return Definition.parse(data | {"flow": {"steps": flow}, "days": None})


@row("editor.preview")
def editor_preview(context: Context) -> Iterator[Result]:
    """Read a draft of 60 steps, check it, draw it, and render the page of the preview panel."""
    from django.db import connection
    from django.test import RequestFactory
    from django.test.utils import CaptureQueriesContext

    from workflows.designer.preview import page
    from workflows.designer.reading import draft_from
    from workflows.steps.api import walk

    definition = long_definition()
    number = len(list(walk(definition.flow.steps)))
    draft, request = draft_from(definition), RequestFactory().get("/")
    html = page(draft, request).render().content
    if html.count(b'class="part"') != number:
        raise RuntimeError("The measured preview does not show every step.")
    with CaptureQueriesContext(connection) as queries:
        page(draft, request).render()
    ms = median_ms(lambda: page(draft, request).render(), 15)
    yield Result(
        name="editor.preview",
        database=context.database,
        scale=f"{number} steps",
        median_ms=ms,
        queries=len(queries),
        goal="≤ 300 ms",
        ok=ms <= 300,
    )
