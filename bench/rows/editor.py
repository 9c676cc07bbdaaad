"""The editor of dossier types: opening one of sixty steps, and refreshing its preview."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.context import COUNT, Context, headers_of, interleaved, log_in
from bench.registry import Result, row
from bench.rows.inside import median_ms

STEPS, LIMIT_MS, PREVIEW_MS = 60, 1_500, 300


@row("editor.open")
def editor_open(context: Context) -> Iterator[Result]:
    """Open a type of sixty steps, some of them in branches, as an administrator; the page is built anew each time."""
    from home.people.api import User

    person = User.objects.filter(is_superuser=True).first() or User.objects.create(
        username="bench-editor", is_superuser=True, is_staff=True
    )
    headers = headers_of(log_in(person))
    address = f"/admin/snippets/designer/flowdraft/edit/{_draft().pk}/"
    server = context.server
    found = server.get(address, {**headers, **COUNT})
    if found.status != 200:
        raise RuntimeError(f"{address}: {found.status}")
    cost = interleaved(server, {"product": lambda: server.get(address, headers)}, rounds=5, times=4)[
        "product"
    ]
    yield Result(
        name="editor.open",
        database=context.database,
        scale=context.scale,
        median_ms=cost.wall_ms,
        queries=found.queries,
        goal=f"≤ {LIMIT_MS} ms",
        ok=cost.wall_ms <= LIMIT_MS,
    )


@row("editor.preview")
def editor_preview(context: Context) -> Iterator[Result]:
    """Refresh the preview of the same type: read the draft, check it, draw it, and render the page; CPU, no HTTP."""
    from django.db import connection
    from django.test import RequestFactory
    from django.test.utils import CaptureQueriesContext

    from workflows.designer.preview import page

    draft, request = _draft(), RequestFactory().get("/")
    html = page(draft, request).render().content
    if html.count(b'class="part"') != STEPS:
        raise RuntimeError("The measured preview does not show every step.")
    with CaptureQueriesContext(connection) as queries:
        page(draft, request).render()
    ms = median_ms(lambda: page(draft, request).render(), 15)
    yield Result(
        name="editor.preview",
        database=context.database,
        scale=context.scale,
        median_ms=ms,
        queries=len(queries),
        goal=f"≤ {PREVIEW_MS} ms",
        ok=ms <= PREVIEW_MS,
    )


def _draft() -> Any:
    """Return a draft of sixty steps."""
    from workflows.definitions.api import Definition
    from workflows.designer.api import FlowDraft, draft_from

    FlowDraft.objects.filter(code="bench-editor").delete()
    draft = draft_from(Definition.parse(_definition()))
    draft.save()
    draft.save_revision()
    return draft


def _definition() -> dict[str, Any]:
    submitter = {"submitter": True}

    def review(number: int) -> dict[str, Any]:
        who = {"head_of": "submitter"}
        title = {"vi": f"Ý kiến {number}", "en": f"Opinion {number}"}
        return {
            "id": f"s{number}",
            "kind": "review",
            "title": title,
            "who": who,
            "fallback": submitter,
            "days": 2,
        }

    plain = [review(number) for number in range(36)]
    blocks = [
        {
            "id": f"b{block}",
            "kind": "parallel",
            "title": f"Khối {block}",
            "branches": [{"steps": [review(100 + block * 10 + branch)]} for branch in range(3)],
        }
        for block in range(6)
    ]
    question = {"key": "subject", "kind": "text", "label": "Trích yếu", "required": True}
    return {
        "code": "bench-editor",
        "title": "Sáu mươi bước",
        "register": {"code": "B", "pattern": "{number}"},
        "form": {"sections": [{"fields": [question]}]},
        "flow": {"steps": [*plain, *blocks]},
    }
