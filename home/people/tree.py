"""The department tree: `Department.path` is written here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

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
    """Write the path of a saved department below its parent, and those of all departments below it.

    Call inside the transaction that saved the parent. All departments are locked, so that two moves at once
    cannot close a loop. Raises `ValidationError` on `parent` for a loop or a tree that is too deep.
    """
    rows = {row.pk: row for row in type(department)._base_manager.select_for_update().order_by("pk")}
    parent = rows.get(department.parent_id) if department.parent_id else None
    check_parent(department, parent)
    old, new = rows[department.pk].path, f"{parent.path if parent else '/'}{department.pk}/"
    department.path = new
    if old == new:
        return
    moved = [row for row in rows.values() if row.pk == department.pk or (old and row.path.startswith(old))]
    for row in moved:
        row.path = new + row.path[len(old) :] if old else new
        if len(row.path) > PATH_LENGTH:
            message = _("The department tree would become too deep at “%(name)s”.")
            raise ValidationError(
                {"parent": ValidationError(message, code="deep", params={"name": row.name})}
            )
    type(department)._base_manager.bulk_update(moved, ["path"])
