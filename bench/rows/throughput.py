"""Cases per second of two processes on PostgreSQL, against what the same server does at its simplest."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from bench.context import ROOT, Context
from bench.registry import Result, row

SECONDS, WORKERS, ROUNDS = 6, 2, 2
GOAL = 0.03
_HEAD = f"""
import random, sys, time
import django
django.setup()
from django.db import connection
def run(act):
    act()
    print("ready", flush=True)
    sys.stdin.readline()
    ends, count = time.monotonic() + {SECONDS}, 0
    while time.monotonic() < ends:
        act()
        count += 1
    print(count / {SECONDS})
"""
#: `pgbench -N` in Python: the same three statements, one transaction, the same driver as the product.
_SIMPLE = "".join(
    (
        _HEAD,
        """
connection.ensure_connection()
raw = connection.connection
def act():
    row, delta = random.randint(1, 100_000), random.randint(-5000, 5000)
    with raw.transaction():
        raw.execute("UPDATE bench_accounts SET balance = balance + %s WHERE id = %s", (delta, row))
        raw.execute("SELECT balance FROM bench_accounts WHERE id = %s", (row,)).fetchone()
        raw.execute("INSERT INTO bench_history (account, delta, at) VALUES (%s, %s, now())", (row, delta))
run(act)
""",
    )
)
_CASE = (
    _HEAD
    + """
from bench import office
from viewflow.workflow.models import Task
from workflows.engine.api import claim, decide, open_dossier
version, one, two = office.case_flow(), office.colleague(), office.officer()
def act():
    dossier = open_dossier(version, by=one, answers=office.ANSWERS)
    task = Task.objects.get(process__dossierprocess__dossier=dossier, flow_task_type="HUMAN").pk
    claim(task, by=two)
    decide(task, by=two, outcome="agree", note="Nhất trí")
run(act)
"""
)


@row("decision.throughput")
def throughput(context: Context) -> Iterator[Result]:
    """Run cases (start, claim, decide) in two processes, in turns with the simplest transactions."""
    if context.database != "postgresql":
        return
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_accounts (id int PRIMARY KEY, balance int, filler char(84))")
        cursor.execute("INSERT INTO bench_accounts SELECT n, 0, '' FROM generate_series(1, 100000) n")
        cursor.execute("CREATE TABLE bench_history (account int, delta int, at timestamptz, filler char(22))")
    simple, cases = 0.0, 0.0
    for _ in range(ROUNDS):
        simple += _per_second(_SIMPLE) / ROUNDS
        cases += _per_second(_CASE) / ROUNDS
    ratio = cases / simple
    yield Result(
        "decision.throughput",
        context.database,
        f"{cases:.0f} cases/s",
        1000 / cases,
        baseline=f"simple update, {simple:.0f}/s",
        ratio=ratio,
        goal=f"≥ {GOAL}",
        ok=ratio >= GOAL,
    )


def _per_second(code: str) -> float:
    """Run a program in as many processes as there are workers, started together; return the sum of their rates."""
    command = [sys.executable, "-c", code]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for _ in range(WORKERS)
    ]
    outputs = [process.stdout for process in running if process.stdout is not None]
    for output in outputs:
        if output.readline().strip() != "ready":
            raise RuntimeError("A measuring process ended early.")
    for process in running:
        if process.stdin is not None:
            process.stdin.write("go\n")
            process.stdin.flush()
    rates = [float(output.readline()) for output in outputs]
    for process in running:
        process.wait(30)
    return sum(rates)
