"""The department tree: `Department.path` is written here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .text import sort_key

if TYPE_CHECKING:
    from .models import Department

PATH_LENGTH = 200


def path_ids(path: str) -> list[int]:
    """Return the ids of a path from the root down: "/1/5/" gives [1, 5]."""
    return [int(part) for part in path.split("/") if part]


def check_parent(department: Department, parent: Department | None) -> None:
    """Raise `ValidationError` on `parent` if the department would become a part of itself."""
    if parent is None or department.pk is None:
        return
    if department.pk == parent.pk or department.pk in path_ids(parent.path):
        message = _("“%(name)s” cannot be a part of itself or of a department below it (%(parent)s).")
        values = {"name": department.name, "parent": parent.name}
        raise ValidationError({"parent": ValidationError(message, code="loop", params=values)})


@transaction.atomic
def place(department: Department) -> None:
    """Write the paths of a saved department and of all below it, and the order of the tree.

    Call inside the transaction that saved it. All departments are locked, so that two moves at once cannot
    close a loop. Raises `ValidationError` on `parent` for a loop or a tree that is too deep.
    """
    rows = {row.pk: row for row in type(department)._base_manager.select_for_update().order_by("pk")}
    parent = rows.get(department.parent_id) if department.parent_id else None
    check_parent(department, parent)
    changed = _move(rows, rows[department.pk].path, f"{parent.path if parent else '/'}{department.pk}/")
    for number, row in enumerate(sorted_tree(rows.values()), start=1):
        if row.tree_order != number:
            row.tree_order = number
            changed[row.pk] = row
    type(department)._base_manager.bulk_update(changed.values(), ["path", "tree_order"])
    department.path, department.tree_order = rows[department.pk].path, rows[department.pk].tree_order


def _move(rows: dict[int, Department], old: str, new: str) -> dict[int, Department]:
    """Write the new path into the row of the department (the last id of `new`) and into all rows below it."""
    if old == new:
        return {}
    own = path_ids(new)[-1]
    moved = {pk: row for pk, row in rows.items() if pk == own or (old and row.path.startswith(old))}
    for row in moved.values():
        row.path = new + row.path[len(old) :]
        if len(row.path) > PATH_LENGTH:
            message = _("The department tree would become too deep at “%(name)s”.")
            deep = ValidationError(message, code="deep", params={"name": row.name})
            raise ValidationError({"parent": deep})
    return moved


def indented(department: Department) -> str:
    """Return the name, moved in by the depth of the department."""
    return "\u2003" * department.depth + department.name


def sorted_tree(departments: Iterable[Department]) -> list[Department]:
    """Return departments so that each is followed by those below it; siblings by `order`, then name."""
    listed = list(departments)
    names = {d.pk: (d.order, sort_key(d.name), d.pk) for d in listed}
    return sorted(listed, key=lambda d: [names.get(pk, (0, "", pk)) for pk in path_ids(d.path)])
