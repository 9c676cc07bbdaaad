"""The people and the flows that are measured, in the demo office; `bench.mass` adds as much as the scale says."""

from __future__ import annotations

from typing import Any

from home.people.api import Department, Membership, User, department_of
from workflows.definitions.api import Definition, publish
from workflows.dossiers.api import FlowVersion


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
