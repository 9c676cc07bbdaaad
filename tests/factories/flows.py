"""A small office and definitions for tests of dossiers."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from home.people.api import Department, Membership, Position, User
from home.people.tree import place
from tests.factories.people import DepartmentFactory, UserFactory
from workflows.definitions.api import Definition, publish
from workflows.dossiers.api import Dossier, FlowVersion

FORM = {
    "sections": [
        {
            "title": "Nội dung",
            "fields": [
                {"key": "subject", "kind": "text", "label": "Trích yếu", "required": True},
                {"key": "amount", "kind": "money", "label": "Số tiền", "required": True},
                {"key": "reason", "kind": "long_text", "label": "Lý do"},
            ],
        }
    ]
}
CHIEF = {"position": "chief", "department": "VP"}


def review(step_id: str, department: str) -> dict[str, Any]:
    """Return an opinion by the people of a department."""
    return {
        "id": step_id,
        "kind": "review",
        "title": f"Ý kiến {department}",
        "who": {"pool": {"department": department}},
        "fallback": CHIEF,
    }


def approve(step_id: str, who: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Return a decision."""
    return {
        "id": step_id,
        "kind": "approve",
        "title": f"Duyệt {step_id}",
        "who": who,
        "fallback": CHIEF,
    } | options


def opinions(**options: Any) -> dict[str, Any]:
    """Return three units asked at once, two of which must agree."""
    return {
        "id": "opinions",
        "kind": "parallel",
        "title": "Lấy ý kiến",
        "rule": {"quorum": 2},
        "if_lost": "return",
        "branches": [{"steps": [review(f"op_{code.lower()}", code)]} for code in ("TC", "KT", "DT")],
    } | options


def definition(*steps: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the raw definition of a dossier type with these steps."""
    return {
        "code": "trinh-ky",
        "title": {"vi": "Trình ký văn bản", "en": "Document for signature"},
        "department": "VP",
        "register": {"code": "TTr", "pattern": "{number:02d}/{year}-TTr"},
        "subject": "subject",
        "form": deepcopy(FORM),
        "flow": {"steps": list(steps)},
    } | changes


def signature_flow(**changes: Any) -> dict[str, Any]:
    """Return opinions of three units, a condition on the amount, and the leader's decision."""
    return definition(
        opinions(),
        {
            "id": "big",
            "kind": "choice",
            "title": "Trên 50 triệu?",
            "branches": [
                {"when": "amount > 50000000", "steps": [approve("finance", {"head_of": "TC"})]},
                {"otherwise": True, "steps": []},
            ],
        },
        approve("sign", {"position": "chair", "department": "LD"}),
        {
            "id": "tell",
            "kind": "notify",
            "title": "Báo văn thư",
            "to": [{"pool": {"department": "VP"}}],
            "message": "Đã ký",
        },
        **changes,
    )


@dataclass
class Office:
    """Departments LD, VP, TC, KT, DT, a head and two officers in each, a chair and a chief of office."""

    departments: dict[str, Department] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        people = self.__dict__.get("people", {})
        if name in people:
            return people[name]
        raise AttributeError(name)

    def publish(self, raw: dict[str, Any] | None = None) -> FlowVersion:
        """Publish a definition (the signature flow unless given)."""
        return publish(Definition.parse(raw or signature_flow()))


def _departments() -> dict[str, Department]:
    leaders = DepartmentFactory(code="LD", name="Phòng LD")
    parts = [Department(code=code, name=f"Phòng {code}", parent=leaders) for code in ("VP", "TC", "KT", "DT")]
    for part in Department.objects.bulk_create(parts):
        part.path = f"{leaders.path}{part.pk}/"
    Department.objects.bulk_update(parts, ["path"])
    place(parts[-1])  # gives all of them their numbers in the tree
    return {department.code: department for department in (leaders, *parts)}


def _posts() -> dict[str, Position]:
    rows = [("chair", 1), ("chief", 5), ("head", 10), ("officer", 50)]
    made = Position.objects.bulk_create(Position(code=code, name=code, rank=rank) for code, rank in rows)
    return {post.code: post for post in made}


#: User name, department, position; heads of departments are named by their positions.
_PLACES = [
    ("chair", "LD", "chair"),
    ("chief", "VP", "chief"),
    *((f"head_{code.lower()}", code, "head") for code in ("TC", "KT", "DT")),
    *((f"{code.lower()}{number}", code, "officer") for code in ("VP", "TC", "KT", "DT") for number in (1, 2)),
    ("ann", "DT", "officer"),
]


def make_office() -> Office:
    """Return a new office: people are called `head_tc`, `tc1`, `tc2`, …, `chair`, `chief`, and `ann` of DT.

    Rows are stored many at once: most tests of flows begin here.
    """
    office, posts = Office(departments=_departments()), _posts()
    names = [*(name for name, _code, _post in _PLACES), "outsider"]
    people = [UserFactory.build(username=name, first_name=name.title()) for name in names]
    people[-1].first_name = "An"
    office.people = {person.username: person for person in User.objects.bulk_create(people)}
    Membership.objects.bulk_create(
        Membership(
            user=office.people[name],
            department=office.departments[code],
            position=posts[post],
            role="member" if post == "officer" else "head",
            is_primary=True,
        )
        for name, code, post in _PLACES
    )
    return office


ANSWERS = {"subject": "Tờ trình mua máy", "amount": 10_000_000}


def open_for(office: Office, version: FlowVersion, by: User | None = None, **answers: Any) -> Dossier:
    """Open a dossier with the usual answers."""
    from workflows.engine.api import open_dossier

    return open_dossier(version, by=by or office.ann, answers=ANSWERS | answers)


def task_of(dossier: Dossier, step: str) -> Any:
    """Return the newest task of a step."""
    from viewflow.workflow.models import Task

    reference = f"engine/compiled.{dossier.version.class_name}.n_{step}_"
    return Task.objects.filter(process__dossierprocess__dossier=dossier, flow_task=reference).latest("pk")


def act(
    dossier: Dossier, step: str, by: User, outcome: str = "approve", note: str = "", **more: Any
) -> Dossier:
    """Decide the newest task of a step."""
    from workflows.engine.api import decide

    return decide(task_of(dossier, step).pk, by=by, outcome=outcome, note=note, **more)
