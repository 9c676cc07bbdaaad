"""Conditions between the editor's blocks and definitions, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .rules import Picked


def when_data(value: Any) -> Any:
    """Return the condition that a `ConditionBlock` holds, as definitions have it; empty for none."""
    if not value:
        return ""
    if value.get("expert"):
        return value["expert"]
    rows = [line for line in map(line_data, value.get("rows") or ()) if line]
    join = {"join": "any"} if value.get("join") == "any" else {}
    return {"rows": rows, **join} if rows else ""


def line_data(value: Any) -> dict[str, str]:
    """Return the comparison that a `LineBlock` holds; empty while no question is chosen."""
    if not value or not value.get("field"):
        return {}
    return {"field": value["field"], "op": value.get("op") or "eq", "value": value.get("value") or ""}


def when_raw(when: Any) -> dict[str, Any]:
    """Return the stored value of a `ConditionBlock`."""
    picked = _picked(when)
    items = [
        {"type": "item", "value": {"field": row["field"], "op": row["op"], "value": row["value"]}}
        for row in picked["rows"]
    ]
    return {"rows": items, "join": picked["join"], "expert": when if isinstance(when, str) else ""}


def line_raw(when: Any) -> dict[str, str]:
    """Return the stored value of a `LineBlock`: the first comparison."""
    rows = _picked(when)["rows"]
    return dict(rows[0]) if rows else {"field": "", "op": "eq", "value": ""}


def _picked(when: Any) -> dict[str, Any]:
    data = when.model_dump(mode="json") if isinstance(when, Picked) else when
    if not isinstance(data, Mapping):
        return {"rows": [], "join": "all"}
    rows = [{"op": "eq", "value": "", **row} for row in data.get("rows", ())]
    return {"rows": rows, "join": data.get("join", "all")}
