"""Work inside one process: forms, definitions, versions."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench.context import ROOT, Context
from bench.registry import Result, row

VERSIONS = 500
_RESOLVE = """
import time
import django
django.setup()
from workflows.dossiers.api import FlowVersion
from workflows.engine import compiled
names = [version.class_name for version in FlowVersion.objects.only("pk", "sha256")]
started = time.perf_counter()
for name in names:
    getattr(compiled, name)
print(len(names), (time.perf_counter() - started) * 1000)
"""


def median_ms(act: Callable[[], object], times: int) -> float:
    """Return the median CPU time of an act in ms, after a first one that does not count."""
    act()
    found = []
    for _ in range(times):
        started = time.process_time()
        act()
        found.append((time.process_time() - started) * 1000)
    return statistics.median(found)


@row("form.render")
def form_render(context: Context) -> Iterator[Result]:
    """Check a hundred answers and draw the form with them."""
    if context.database != "sqlite":  # no database in it
        return
    from django.template.loader import render_to_string

    from bench.forms import posted_to, schema_of
    from bench.office import officer
    from home.forms.api import build_form

    schema, user = schema_of(100), officer()
    answers = posted_to(schema)

    def render() -> None:
        form = build_form(schema, user=user, data=answers)
        if not form.is_valid():
            raise RuntimeError(f"The measured form has mistakes: {form.errors.as_text()}")
        render_to_string("forms/fields.html", {"form": form})

    ms = median_ms(render, 20)
    yield Result("form.render", "", "100 questions", ms, goal="≤ 40 ms", ok=ms <= 40)


@row("flow.compile")
def flow_compile(context: Context) -> Iterator[Result]:
    """Compile a flow of 29 nodes to a viewflow class."""
    if context.database != "sqlite":
        return
    from bench.office import wide_definition
    from workflows.engine.compiler import compile_definition

    definition = wide_definition()
    compiled: Any = compile_definition(definition, "V1_00000000")
    nodes = len(list(compiled.instance.nodes()))
    ms = median_ms(lambda: compile_definition(definition, "V1_00000000"), 40)
    yield Result("flow.compile", "", f"{nodes} nodes", ms, goal="≤ 3 ms", ok=ms <= 3)


@row("flow.resolve")
def flow_resolve(context: Context) -> Iterator[Result]:
    """Compile 500 versions in a fresh process, read from the database one by one as tasks refer to them."""
    from bench.office import definition, named_step
    from workflows.definitions.api import publish
    from workflows.dossiers.api import FlowVersion

    for number in range(VERSIONS - FlowVersion.objects.count()):
        steps = [named_step("first"), named_step("second") | {"title": f"Lần {number}"}]
        publish(definition("bench-many", steps))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", _RESOLVE], cwd=ROOT, check=True, capture_output=True, text=True
    )
    resolved, ms = done.stdout.split()
    yield Result(
        "flow.resolve",
        context.database,
        f"{resolved} versions",
        float(ms),
        goal="≤ 2 s",
        ok=float(ms) <= 2000,
    )
