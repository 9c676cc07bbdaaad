"""The people and the data that are measured: the demo office, and as much more as the scale says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone

from home.people.api import Department, Membership, User, department_of
from workflows.definitions.api import Definition, publish
from workflows.dossiers.api import Dossier, DossierAccess, FlowVersion


def officer() -> User:
    """Return the measured reader: an officer in a department with a head, without any special right."""
    return _officers()[0]


def colleague() -> User:
    """Return another officer of the same department."""
    return _officers()[1]


def _officers() -> list[User]:
    heads = Membership.objects.current().filter(role=Membership.Role.HEAD).values("department")
    plain = Membership.objects.current().filter(
        department__in=heads, role="member", user__is_superuser=False, user__groups=None, is_primary=True
    )
    for department in Department.objects.order_by("pk"):
        found = list(plain.filter(department=department).select_related("user").order_by("pk")[:2])
        if len(found) == 2:
            return [place.user for place in found]
    raise RuntimeError("The demo office has no department with two officers and a head.")


def unit_of(person: User) -> Department:
    """Return the department of somebody who has one."""
    found = department_of(person)
    if found is None:
        raise RuntimeError(f"{person} has no department.")
    return found


# --- flows ------------------------------------------------------------------------------------------------

ANSWERS = {"subject": "Tờ trình mua máy in", "amount": 10_000_000, "reason": "Máy cũ hỏng"}
_FIELDS = [
    {"key": "subject", "kind": "text", "label": "Trích yếu", "required": True},
    {"key": "amount", "kind": "money", "label": "Số tiền", "required": True},
    {"key": "reason", "kind": "long_text", "label": "Lý do"},
]


def definition(code: str, steps: list[dict[str, Any]]) -> Definition:
    """Return a dossier type with three questions and these steps."""
    raw = {
        "code": code,
        "title": {"vi": f"Đo {code}", "en": f"Measured {code}"},
        "department": unit_of(officer()).code,
        "register": {"code": code.upper(), "pattern": "{number:02d}/{year}"},
        "subject": "subject",
        "form": {"sections": [{"title": "Nội dung", "fields": _FIELDS}]},
        "flow": {"steps": steps},
    }
    return Definition.parse(raw)


def _step(step_id: str, kind: str, who: dict[str, Any]) -> dict[str, Any]:
    fallback = {"user": colleague().username}
    return {"id": step_id, "kind": kind, "title": f"Bước {step_id}", "who": who, "fallback": fallback}


def pool_step(step_id: str = "op") -> dict[str, Any]:
    """Return an opinion out of the pool of the officer's department."""
    return _step(step_id, "review", {"pool": {"department": unit_of(officer()).code}})


def named_step(step_id: str) -> dict[str, Any]:
    """Return a decision by the officer, by name."""
    return _step(step_id, "approve", {"user": officer().username})


def case_flow() -> FlowVersion:
    """Publish a form, an opinion out of a pool, the end."""
    return publish(definition("bench-case", [pool_step()]))


def two_flow() -> FlowVersion:
    """Publish two decisions, one after the other."""
    return publish(definition("bench-two", [named_step("first"), named_step("second")]))


def join_flow() -> FlowVersion:
    """Publish three opinions at once, of which two go on; then a decision."""
    asked = [_step(f"op{n}", "review", {"user": officer().username}) for n in (1, 2, 3)]
    block = {
        "id": "opinions",
        "kind": "parallel",
        "title": "Lấy ý kiến",
        "rule": {"quorum": 2},
        "if_lost": "return",
        "branches": [{"steps": [step]} for step in asked],
    }
    return publish(definition("bench-join", [block, named_step("sign")]))


def wide_definition(code: str = "bench-wide") -> Definition:
    """Return a flow that compiles to 29 nodes: what viewflow gets is counted in the row."""
    blocks = [
        {
            "id": f"block{n}",
            "kind": "parallel",
            "title": f"Khối {n}",
            "rule": "all",
            "branches": [{"steps": [pool_step(f"op{n}{part}")]} for part in "abc"],
        }
        for n in (1, 2, 3)
    ]
    steps = [step for n, block in enumerate(blocks) for step in (named_step(f"first{n}"), block)]
    return definition(code, [*steps, named_step("sign")])


# --- many tasks -------------------------------------------------------------------------------------------


def copy_rows(
    model: type[models.Model], pk: int, first: int, number: int, changes: Mapping[str, str]
) -> None:
    """Store `number` copies of one row under the keys `first`, `first + 1`, …; `changes` are SQL over `n`."""
    quote = connection.ops.quote_name
    columns = [str(field.column) for field in model._meta.local_concrete_fields]
    key = str(model._meta.pk.column)
    given = {key: f"{first} + n", **changes}
    values = ", ".join(given.get(column, f"t.{quote(column)}") for column in columns)
    names = ", ".join(map(quote, columns))
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) "  # noqa: S608
            f"WITH RECURSIVE series(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n < {number - 1}) "
            f"SELECT {values} FROM series, {table} t WHERE t.{quote(key)} = {pk}"
        )


def make_tasks(number: int) -> None:
    """Store so many open tasks, each of a dossier of its own: of every hundred, five are the officer's and five
    wait in the pool of the officer's department (45,000 and more of a million); the others are of other people.
    """
    from viewflow.workflow.models import Process, Task

    from workflows.engine.api import open_dossier
    from workflows.engine.models import DossierProcess

    dossier = open_dossier(case_flow(), by=colleague(), answers=ANSWERS)
    task = Task.objects.get(process__dossierprocess__dossier=dossier, flow_task_type="HUMAN")
    models_of: list[Any] = [Dossier, Process, Task]
    first = 1 + max(
        model._default_manager.order_by("-pk").values_list("pk", flat=True)[0] for model in models_of
    )
    others = list(User.objects.exclude(pk=officer().pk).order_by("pk").values_list("pk", flat=True)[:20])
    somebody = (
        "CASE n % 20 "
        + " ".join(f"WHEN {n} THEN {pk}" for n, pk in enumerate(others))
        + f" ELSE {others[0]} END"
    )
    unit, department = unit_of(officer()), f"'dept:{unit_of(officer()).pk}'"
    copy_rows(
        Dossier,
        dossier.pk,
        first,
        number,
        {"number": _text("n"), "due_at": _moment(), "submission_id": "NULL"},
    )
    copy_rows(Process, task.process_id, first, number, {})
    copy_rows(DossierProcess, task.process_id, first, number, {"dossier_id": f"{first} + n"})
    mine, pooled = "n % 20 = 0", "n % 20 = 10"
    copy_rows(
        Task,
        task.pk,
        first,
        number,
        {
            "process_id": f"{first} + n",
            "owner_id": f"CASE WHEN {mine} THEN {officer().pk} WHEN {pooled} THEN NULL ELSE {somebody} END",
            "status": f"CASE WHEN {pooled} THEN 'NEW' ELSE 'ASSIGNED' END",
            "owner_permission": f"CASE WHEN {pooled} THEN {department} ELSE NULL END",
            "scheduled": _moment(),
        },
    )
    access = DossierAccess.objects.filter(dossier=dossier).order_by("pk").first()
    if access is not None:
        after = DossierAccess.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
        seen = f"CASE WHEN n % 20 IN (0, 10) THEN 'dept:{unit.pk}' ELSE 'user:' || CAST({somebody} AS VARCHAR(20)) END"
        copy_rows(DossierAccess, access.pk, after, number, {"dossier_id": f"{first} + n", "principal": seen})
    _settle()


def _text(expression: str) -> str:
    return f"'B' || CAST({expression} AS VARCHAR(20))"


def _moment() -> str:
    """Return a due date for each row, spread over a year, as SQL over `n`."""
    start: datetime = timezone.now() - timedelta(days=30)
    if connection.vendor == "postgresql":
        return f"timestamptz '{start.isoformat()}' + (n % 8760) * interval '1 hour'"
    return f"datetime('{start:%Y-%m-%d %H:%M:%S}', '+' || (n % 8760) || ' hours')"


def _settle() -> None:
    """Bring sequences and statistics of the database up to date."""
    from django.core.management.color import no_style
    from viewflow.workflow.models import Process, Task

    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [Dossier, DossierAccess, Process, Task]):
            cursor.execute(sql)
        cursor.execute("ANALYZE")
