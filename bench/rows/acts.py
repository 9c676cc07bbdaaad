"""What people do: decide, go through a whole case, send a form."""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from bench.comparing import beside_hello
from bench.context import COUNT, Context, headers_of, log_in
from bench.registry import Result, row

ROUNDS, TIMES = 5, 8
#: Whole cases: in each round, and before the first one.
CASES, WARM = 24, 24
NOTE = {"note": "Đã kiểm tra, nhất trí."}


@row("form.post")
def form_post(context: Context) -> Iterator[Result]:
    """Send a form of ten questions; each time is a new submission."""
    from bench.forms import make_form_page, posted_to, schema_of

    schema = schema_of(10)
    address, server, staff, answers = (
        make_form_page(schema),
        context.server,
        context.as_staff(),
        posted_to(schema),
    )

    def send(headers: dict[str, str]) -> Any:
        return _must(server.post(address, {**answers, "_key": str(uuid.uuid4())}, headers))

    send(staff)
    queries = send({**staff, **COUNT}).queries
    cost, ratio = beside_hello(context, lambda: send(staff))
    yield _result(
        context, "form.post", cost.cpu_ms, queries, "page.hello", ratio, "≤ 25 × hello", ratio <= 25
    )


@row("decision")
def decisions(context: Context) -> Iterator[Result]:
    """Decide through HTTP; beside it, the same step of the same flow on viewflow alone, inside a transaction.

    CPU of the server's process tree ÷ CPU of this process, so without the database's own on PostgreSQL. A second
    line, `….engine`, is the decision without HTTP: the engine in this process ÷ viewflow alone.
    """
    from bench import office
    from bench.bare import join_waiting, two_waiting

    two, join = office.two_flow(), office.join_flow()
    yield from _decision(
        context, "decision.plain", lambda: _opened(two, []), two_waiting, "approve", (15, 2.0)
    )
    yield from _decision(
        context, "decision.join", lambda: _opened(join, ["op1"]), join_waiting, "agree", (45, 1.5)
    )


def _opened(version: Any, done: list[str]) -> str:
    """Open a dossier, decide these steps and return the address of the next task."""
    from viewflow.workflow.models import Task

    from bench import office
    from workflows.engine.api import decide, open_dossier

    dossier = open_dossier(version, by=office.colleague(), answers=office.ANSWERS)

    def waiting() -> list[Task]:
        tasks = Task.objects.filter(process__dossierprocess__dossier=dossier, flow_task_type="HUMAN")
        return list(tasks.filter(finished=None).order_by("pk"))

    for _step in done:
        decide(waiting()[0].pk, by=office.officer(), outcome="agree")
    return f"/tasks/{waiting()[0].pk}/"


def _decision(
    context: Context,
    name: str,
    prepare: Callable[[], str],
    bare: Callable[[], Callable[[], None]],
    outcome: str,
    goals: tuple[int, float],
) -> Iterator[Result]:
    from bench.bare import officer_once
    from workflows.engine.api import decide

    server, staff = context.server, context.as_staff()
    post = {"outcome": outcome, **NOTE}
    number, officer = (ROUNDS + 1) * TIMES + 2, officer_once()
    over_http, inside = ([prepare() for _ in range(number)] for _ in range(2))
    alone = [bare() for _ in range(number)]

    def engine(address: str) -> None:
        officer.forget_places()
        decide(int(address.split("/")[2]), by=officer, outcome=outcome, note=NOTE["note"])

    answers = [_must(server.post(over_http.pop(), post, {**staff, **COUNT})) for _ in range(2)]
    queries = answers[-1].queries or 0  # the first one of a process reads the definition
    cpu: dict[str, list[float]] = {"http": [], "engine": [], "alone": []}
    for _ in range(ROUNDS + 1):
        sent = [partial(server.post, over_http.pop(), post, staff) for _ in range(TIMES)]
        cpu["http"].append(_server_cpu(context, sent))
        cpu["engine"].append(_own_cpu([partial(engine, inside.pop()) for _ in range(TIMES)]))
        cpu["alone"].append(_own_cpu([alone.pop() for _ in range(TIMES)]))
    found = {way: statistics.median(times[1:]) for way, times in cpu.items()}  # the first round warms up
    most, highest = goals
    for way, line in (("http", name), ("engine", f"{name}.engine")):
        ratio, counted = found[way] / found["alone"], queries if way == "http" else None
        goal = f"≤ {highest} × viewflow alone" + (f"; ≤ {most} queries" if way == "http" else "")
        ok = ratio <= highest and (counted or 0) <= most
        yield _result(
            context, line, found[way], counted, f"viewflow alone, {found['alone']:.1f} ms", ratio, goal, ok
        )


@row("case.cycle")
def case(context: Context) -> Iterator[Result]:
    """Start, claim and decide over HTTP, against the same flow hand-coded on stock viewflow views."""
    from bench import office
    from bench.bare import allow, waiting_task

    version, server = office.case_flow(), context.server
    allow(office.officer(), office.colleague())
    first, second = headers_of(log_in(office.colleague())), context.as_staff()
    asked = {key: str(value) for key, value in office.ANSWERS.items()}

    def product(counted: Mapping[str, str]) -> list[Any]:
        fields = {**asked, "_key": str(uuid.uuid4()), "version": str(version.pk)}
        started = _must(server.post(f"/dossiers/new/{version.type.code}/", fields, {**first, **counted}))
        task = waiting_task(int(started.location.strip("/").rsplit("/", 1)[-1]))
        claimed = server.post(f"/tasks/{task}/claim/", {}, {**second, **counted})
        answer = {"outcome": "agree", **NOTE}
        return [started, claimed, server.post(f"/tasks/{task}/", answer, {**second, **counted})]

    def stock(counted: Mapping[str, str]) -> list[Any]:
        started = _must(server.post("/-/stock/start/", asked, {**first, **counted}))
        process = int(started.location.strip("/").split("/")[2])
        task = waiting_task(process, stock=True)
        address = f"/-/stock/{process}/op/{task}"
        claimed = server.post(f"{address}/assign/", {}, {**second, **counted})
        answer = {"decision": "agree", **NOTE}
        return [started, claimed, server.post(f"{address}/execute/", answer, {**second, **counted})]

    acts = {"product": product, "stock": stock}
    queries = {}
    for name, act in acts.items():
        # Each thread of the server builds its SQL, and PostgreSQL keeps its plans, in the first few cases.
        answers = [[_must(answer) for answer in act(COUNT)] for _ in range(WARM)][-1]
        queries[name] = sum(answer.queries for answer in answers)
    cpu: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(ROUNDS):
        for name, act in acts.items():
            # The kernel counts in ticks of 10 ms, half a case each.
            cpu[name].append(_server_cpu(context, [partial(act, {})] * CASES))
    mine, theirs = (statistics.median(cpu[name]) for name in ("product", "stock"))
    baseline = f"stock views, {queries['stock']} queries"
    ratio = mine / theirs
    yield _result(
        context, "case.cycle", mine, queries["product"], baseline, ratio, "≤ 1.0 × stock", ratio <= 1
    )


def _server_cpu(context: Context, acts: Sequence[Callable[[], Any]]) -> float:
    """Return the server's CPU in ms for each of the acts."""
    before = context.server.cpu_ms()
    for act in acts:
        act()
    return (context.server.cpu_ms() - before) / len(acts)


def _own_cpu(acts: Sequence[Callable[[], Any]]) -> float:
    """Return this process's CPU in ms for each of the acts."""
    started = time.process_time()
    for act in acts:
        act()
    return (time.process_time() - started) * 1000 / len(acts)


def _must(answer: Any) -> Any:
    """Return the answer to a form that was taken in; anything but a redirect cannot be measured."""
    if answer.status != 302:
        raise RuntimeError(f"A form was answered with {answer.status}; it cannot be measured.")
    return answer


def _result(
    context: Context,
    name: str,
    ms: float,
    queries: int | None,
    baseline: str,
    ratio: float,
    goal: str,
    ok: bool,
) -> Result:
    return Result(name, context.database, context.scale, ms, queries, baseline, ratio, goal, ok)
