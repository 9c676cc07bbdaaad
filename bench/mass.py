"""A big office, made by the database itself: people, dossier types, dossiers, processes, tasks, access.

Rows are copies of one real row (opened by the engine), whose differing columns are SQL over `n`, the number of the
row: what a column holds is drawn by arithmetic, so that every run measures the same data. Dossier 0 is the newest;
the others go back over five years. Of the newest quarter (at least 1,250), four of five are open: 200,000 of a
million. Of the open tasks, 5 % are the officer's own, 22.5 % wait in the pool of the officer's department, 10 % in
other pools; the others are of other people. The officer sees 40 % of everything besides, as a clerk does; `light()`
sees a few hundred dossiers, as most people do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone

from bench.office import ANSWERS, case_flow, colleague, definition, officer, pool_step, unit_of
from home.people.api import Department, Membership, User
from workflows.definitions.api import publish
from workflows.dossiers.api import Dossier, DossierAccess

#: Dossiers per person, people per department, dossier types besides the measured one, years.
PER_PERSON, PER_UNIT, TYPES, YEARS = 200, 50, 19, 5
FEWEST_PEOPLE = 50
_PRIME = 1_000_003

VERBS = "Tờ trình|Báo cáo|Đề nghị|Kế hoạch|Công văn|Giấy mời|Phương án|Dự thảo|Đơn xin|Hồ sơ"
THINGS = (
    "mua máy in|sửa chữa trụ sở|cấp giấy phép xây dựng|nghỉ phép năm|đào tạo cán bộ|"
    "thanh toán công tác phí|bổ sung kinh phí|tuyển dụng viên chức|cho thuê hội trường|kiểm tra an toàn|"
    "điều chỉnh quy hoạch|cấp đổi sổ đỏ|tổ chức hội nghị|khen thưởng tập thể|mua sắm thiết bị|"
    "bàn giao tài sản"
)
FAMILIES = "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý"
MIDDLES = "Văn|Thị|Đức|Minh|Ngọc|Hữu|Thanh|Quang|Xuân|Bảo|Kim"
GIVEN = (
    "An|Bình|Châu|Dũng|Đạt|Giang|Hà|Hải|Hạnh|Hiếu|Hoa|Hùng|Hương|Khánh|Lan|Linh|Long|Mai|Nam|Nga|Phong|"
    "Phúc|Quân|Quỳnh|Sơn|Tâm|Thảo|Thắng|Trang|Tú|Tuấn|Uyên|Vân|Việt|Vinh|Yến|Quốc"
)


def light() -> User:
    """Return a measured reader who sees a few hundred dossiers of a million."""
    found: User = User.objects.get(username="bench0")
    return found


def head() -> User:
    """Return a measured head of a department, who sees one hundredth of all dossiers (at least one department's)."""
    heads = Membership.objects.filter(role="head", user__username__startswith="bench")
    found: User = heads.order_by("-pk")[0].user
    return found


def make_dossiers(number: int, *, after: int = 0, total: int | None = None) -> float:
    """Store the dossiers `after`, `after + 1`, … of an office of `total`; return the seconds that it took."""
    started, total = time.monotonic(), total or number
    template = _template(total)
    with _without_indexes(*_tables()):
        _copy(template, number, after, total)
    _settle()
    return time.monotonic() - started


def _models() -> list[Any]:
    from viewflow.workflow.models import Process, Task

    from workflows.engine.models import DossierProcess

    return [Dossier, Process, DossierProcess, Task, DossierAccess]


def _tables() -> list[str]:
    return [model._meta.db_table for model in _models()]


# --- what the rows are drawn from ---------------------------------------------------------------------------


def _template(total: int) -> Any:
    """Make people and types on the first call; return the task of a real dossier, which all others copy."""
    from viewflow.workflow.models import Task

    from workflows.engine.api import open_dossier

    if not User.objects.filter(username="bench0").exists():
        make_people(max(total // PER_PERSON, FEWEST_PEOPLE), called="bench", units_called="BD")
        _make_choices()
    dossier = open_dossier(case_flow(), by=colleague(), answers=ANSWERS)
    return Task.objects.get(process__dossierprocess__dossier=dossier, flow_task_type="HUMAN")


def make_people(number: int, *, called: str, units_called: str) -> None:
    """Add people (`<called>0`, `<called>1`, …) and departments; each has a head."""
    unit, units, place = unit_of(officer()), max(number // PER_UNIT, 1), _place_of(officer())
    first_unit, first = next_key(Department), next_key(User)
    copy_rows(
        Department,
        unit.pk,
        first_unit,
        units,
        {
            "code": f"'{units_called}' || n",
            "name": "'Phòng đo ' || n",
            "parent_id": "NULL",
            "path": f"'/' || ({first_unit} + n) || '/'",
        },
    )
    names = {
        "username": f"'{called}' || n",
        "email": f"'{called}' || n || '@vi-du.vn'",
        "last_name": f"{word(FAMILIES, 2_750_159)} || ' ' || {word(MIDDLES, 3_497_861)}",
        "first_name": word(GIVEN, 4_256_233),
    }
    copy_rows(User, officer().pk, first, number, names)
    copy_rows(
        Membership,
        place.pk,
        next_key(Membership),
        number,
        {
            "user_id": f"{first} + n",
            "department_id": f"{first_unit} + n % {units}",
            "role": f"CASE WHEN n BETWEEN {number - units} AND {number - 1} THEN 'head' ELSE 'member' END",
        },
    )
    reset_sequences([User, Department, Membership])


def _place_of(person: User) -> Membership:
    found: Membership = Membership.objects.filter(user=person, is_primary=True).order_by("pk")[0]
    return found


def _make_choices() -> None:
    """Store people and types in numbered tables, from which rows are drawn."""
    people = Membership.objects.filter(user__username__startswith="bench").order_by("user_id")
    store_choices("bench_people", [(m.user_id, m.department_id) for m in people])
    versions = [case_flow(), *(publish(definition(f"bench-{n}", [pool_step()])) for n in range(TYPES))]
    store_choices("bench_types", [(version.type_id, version.pk) for version in versions])


def store_choices(table: str, rows: Sequence[tuple[int, int]]) -> None:
    """Store pairs in a table numbered by `k`, from which rows are drawn."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {table} (k integer PRIMARY KEY, a bigint, b bigint)")
        values = [(k, *row) for k, row in enumerate(rows)]
        cursor.executemany(f"INSERT INTO {table} VALUES (%s, %s, %s)", values)  # noqa: S608


def number_of(table: str) -> int:
    """Return how many rows a table has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608
        return int(cursor.fetchone()[0])


# --- rows ---------------------------------------------------------------------------------------------------


def copy_rows(
    model: type[models.Model],
    pk: int,
    first: int,
    number: int,
    changes: Mapping[str, str],
    *,
    after: int = 0,
    joins: str = "",
) -> None:
    """Store `number` copies of one row under the keys `first`, `first + 1`, …

    `changes` are SQL over `n`, which counts from `after`, and over the tables that `joins` adds.
    """
    quote = connection.ops.quote_name
    columns = [str(field.column) for field in model._meta.local_concrete_fields]
    key = str(model._meta.pk.column)
    given = {key: f"{first - after} + n", **changes}
    values = ", ".join(given.get(column, f"t.{quote(column)}") for column in columns)
    names, table = ", ".join(map(quote, columns)), quote(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) {_series(number, after)} "  # noqa: S608
            f"SELECT {values} FROM series JOIN {table} t ON t.{quote(key)} = {pk} {joins}"
        )


def _series(number: int, after: int) -> str:
    last = after + number - 1
    return f"WITH RECURSIVE series(n) AS (SELECT {after} UNION ALL SELECT n + 1 FROM series WHERE n < {last})"  # noqa: S608


def drawn(prime: int, size: int) -> str:
    """Return SQL that draws one of `size` numbers for each `n`."""
    return f"(((n + 1) * CAST({prime} AS bigint)) % {_PRIME}) % {size}"


def word(choices: str, prime: int) -> str:
    """Return SQL that draws one of the words, which are parted by `|`, for each `n`."""
    found = choices.split("|")
    cases = " ".join(f"WHEN {k} THEN '{one}'" for k, one in enumerate(found))
    return f"CASE {drawn(prime, len(found))} {cases} END"


class _Plan:
    """The SQL of every draw in an office of `total` dossiers; all over `n`."""

    def __init__(self, total: int) -> None:
        self.officer, self.unit = officer().pk, unit_of(officer()).pk
        people, kind = number_of("bench_people"), drawn(15_485_863, 100)
        self.open = f"(n < {max(total // 4, 1_250)} AND n % 5 <> 4)"
        share = drawn(32_452_843, 1_000)
        self.own, self.pooled = f"({share} < 50)", f"({share} BETWEEN 50 AND 274)"
        self.elsewhere = f"({share} BETWEEN 275 AND 374)"
        self.watched = f"({drawn(86_028_121, 100)} < 40)"
        #: Three types make up most; the others share the rest.
        type_of = f"CASE WHEN {kind} < 30 THEN 0 WHEN {kind} < 50 THEN 1 ELSE 2 + {kind} % {TYPES - 1} END"
        self.submitter = f"JOIN bench_people s ON s.k = {drawn(7_919, people)}"
        self.handler = f"JOIN bench_people h ON h.k = {drawn(104_729, people)}"
        self.type = f"JOIN bench_types y ON y.k = {type_of}"
        year = YEARS * 365 * 24 * 60 / total
        self.opened, self.minutes = (lambda late: moment(f"n * {year:.6f} - {late}")), year

    def dossier(self) -> dict[str, str]:
        """Return the columns of a dossier."""
        draw = drawn(49_979_687, 100)
        closed = (
            f"CASE WHEN {draw} < 85 THEN 'approved' WHEN {draw} < 95 THEN 'rejected' ELSE 'withdrawn' END"
        )
        subject = [word(VERBS, 611_953), word(THINGS, 1_299_709), "'của'"]
        name = [word(FAMILIES, 2_750_159), word(MIDDLES, 3_497_861), word(GIVEN, 4_256_233)]
        day = 24 * 60
        return {
            "type_id": "y.a",
            "version_id": "y.b",
            "number": f"(n / {TYPES + 1} % 40000 + 1) || '/' || (2026 - CAST(n * {self.minutes:.6f} / {365 * day} "
            "AS integer)) || CASE n % 4 WHEN 0 THEN '-TTr' WHEN 1 THEN '-QĐ' WHEN 2 THEN '-CV' ELSE '-BC' END",
            "subject": " || ' ' || ".join([*subject, *name, "'số ' || (n % 9973)"]),
            "state": f"CASE WHEN {self.open} THEN CASE WHEN {draw} < 2 THEN 'returned' ELSE 'running' END "
            f"ELSE {closed} END",
            "submitter_id": "s.a",
            "department_id": "s.b",
            "submission_id": "NULL",
            "open_steps": f"CASE WHEN {self.open} THEN t.open_steps ELSE {_json('[]')} END",
            "opened_at": self.opened("0"),
            "due_at": f"CASE WHEN n % 10 = 7 THEN NULL ELSE {self.opened(f'{day} * (10 + n % 21)')} END",
            "closed_at": f"CASE WHEN {self.open} THEN NULL ELSE {self.opened(f'{day} * (5 + n % 20)')} END",
        }

    def task(self, first: int) -> dict[str, str]:
        """Return the columns of a task: the one step of a dossier, open or done."""
        owner = f"CASE WHEN {self.own} THEN {self.officer} WHEN {self.waits} THEN NULL ELSE h.a END"
        role = (
            f"CASE WHEN {self.pooled} THEN 'dept:{self.unit}' WHEN {self.elsewhere} THEN 'dept:' || h.b END"
        )
        status = f"CASE WHEN NOT {self.open} THEN 'DONE' WHEN {self.waits} THEN 'NEW' ELSE 'ASSIGNED' END"
        return {
            "process_id": f"{first} + n",
            "owner_id": owner,
            "owner_permission": role,
            "status": status,
            "created": self.opened("0"),
            "finished": f"CASE WHEN {self.open} THEN NULL ELSE {self.opened(str(24 * 60 * 5))} END",
            "scheduled": f"CASE WHEN n % 10 = 7 THEN NULL ELSE {self.opened('24 * 60 * (2 + n % 9)')} END",
        }

    @property
    def waits(self) -> str:
        """Whether the task of an open dossier waits in a pool."""
        return f"({self.open} AND ({self.pooled} OR {self.elsewhere}))"

    def access(self) -> list[tuple[str, str]]:
        """Return who sees a dossier: SQL of a principal, and of the rows that it is for."""
        named = f"NOT {self.own} AND NOT {self.pooled} AND NOT {self.elsewhere} AND h.a <> s.a"
        return [
            ("'user:' || s.a", "1 = 1"),
            ("'head:' || s.b", "1 = 1"),
            ("'user:' || h.a", named),
            ("'dept:' || h.b", self.elsewhere),
            (f"'dept:{self.unit}'", self.pooled),
            (f"'user:{self.officer}'", f"({self.own} OR {self.watched})"),
        ]


def _copy(task: Any, number: int, after: int, total: int) -> None:
    dossier_model, process_model, link_model, task_model, access_model = _models()
    plan, dossier = _Plan(total), task.process.dossierprocess.dossier_id
    first = max(next_key(model) for model in (dossier_model, process_model, task_model))
    base = first - after
    copy: Callable[..., None] = lambda model, pk, changes, joins="": copy_rows(  # noqa: E731
        model, pk, first, number, changes, after=after, joins=joins
    )
    copy(dossier_model, dossier, plan.dossier(), f"{plan.submitter} {plan.type}")
    done = {"status": f"CASE WHEN {plan.open} THEN t.status ELSE 'DONE' END", "created": plan.opened("0")}
    copy(process_model, task.process_id, done)
    copy(link_model, task.process_id, {"dossier_id": f"{base} + n", "version_id": "y.b"}, plan.type)
    copy(task_model, task.pk, plan.task(base), plan.handler)
    _grant(access_model, plan, base, number, after)


def _grant(model: Any, plan: _Plan, base: int, number: int, after: int) -> None:
    """Store who sees what; the database gives the keys."""
    reset_sequences([model])
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        for principal, wanted in plan.access():
            cursor.execute(
                f"INSERT INTO {table} (dossier_id, principal) {_series(number, after)} "  # noqa: S608
                f"SELECT {base} + n, {principal} FROM series {plan.submitter} {plan.handler} WHERE {wanted}"
            )


def moment(minutes_ago: str) -> str:
    """Return a moment so many minutes before the start of today, as SQL."""
    start: datetime = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    if connection.vendor == "postgresql":
        return f"timestamptz '{start.isoformat()}' - ({minutes_ago}) * interval '1 minute'"
    return f"datetime('{start:%Y-%m-%d %H:%M:%S}', (-1 * ({minutes_ago})) || ' minutes')"


def _json(text: str) -> str:
    return f"'{text}'::jsonb" if connection.vendor == "postgresql" else f"'{text}'"


def next_key(model: type[models.Model]) -> int:
    """Return a key above all that the rows of a model have."""
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return int(last or 0) + 1


# --- the database around it ---------------------------------------------------------------------------------


@contextmanager
def _without_indexes(*tables: str) -> Iterator[None]:
    """Store without indexes and without checks of references; make the indexes again from the whole afterwards."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES[connection.vendor].format(tables=", ".join(f"'{name}'" for name in tables)))
        indexes = cursor.fetchall()
        for name, _sql in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        cursor.execute(
            "SET session_replication_role = replica" if postgresql else "PRAGMA foreign_keys = OFF"
        )
        if postgresql:
            cursor.execute("SET maintenance_work_mem = '512MB'")
            cursor.execute("SET statement_timeout = 0")
    yield
    with connection.cursor() as cursor:
        for _name, sql in indexes:
            cursor.execute(sql)
        cursor.execute("SET session_replication_role = origin" if postgresql else "PRAGMA foreign_keys = ON")


#: The indexes that no constraint needs, with the statement that makes them.
_INDEXES = {
    "postgresql": (
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename IN ({tables}) "
        "AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
    ),
    "sqlite": (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({tables})"
    ),
}


def reset_sequences(models_of: Sequence[Any]) -> None:
    """Have the database number the next rows of these models after the last one."""
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(models_of)):
            cursor.execute(sql)


def _settle() -> None:
    """Bring sequences, visibility and statistics of the database up to date, as its own upkeep would by night."""
    reset_sequences([model for model in _models() if model._meta.pk.auto_created and not model._meta.parents])
    refresh_statistics()


def refresh_statistics() -> None:
    """Let the database look at what it holds now."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
