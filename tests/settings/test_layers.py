"""Doors that import-linter cannot see: foreign keys and templates never point upwards."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "site" / "templates"
USE = re.compile(r"""{%-?\s*(?:include|extends)\s+["']([^"']+)["']""")


def layers(contract: str) -> list[str]:
    """Return the layers of a contract of .importlinter, the lowest first."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    return config[f"importlinter:contract:{contract}"]["layers"].strip().splitlines()[::-1]


def ranks() -> dict[str, tuple[int, int]]:
    """Return the height of every room by its module: rooms of one height do not know each other either."""
    house = [name.strip() for name in layers("layers")]
    found = {}
    for container in ("home", "workflows"):
        for height, line in enumerate(layers(container)):
            for room in line.split("|"):
                found[f"{container}.{room.strip()}"] = (house.index(container), height)
    found["plugins.api"] = (house.index("plugins.api"), 0)
    return found


RANKS = ranks()
PLUGIN = (len(layers("layers")), 0)


def rank_of(module: str) -> tuple[int, int] | None:
    """Return the height of an app; None when it is not ours."""
    if module in RANKS:
        return RANKS[module]
    return PLUGIN if module.startswith("plugins.") else None


def may_point(source: str, target: str) -> bool:
    """Say whether an app may know another."""
    here, there = rank_of(source), rank_of(target)
    return source == target or here is None or there is None or there < here


def test_ranks_are_read_from_the_contracts():
    assert may_point("workflows.inbox", "workflows.dossiers")
    assert may_point("home.people", "plugins.api")
    assert may_point("plugins.leave", "workflows.inbox")
    assert not may_point("workflows.dossiers", "workflows.inbox")
    assert not may_point("home.pages", "workflows.dossiers")
    assert not may_point("home.forms", "home.meetings")
    assert not may_point("plugins.leave", "plugins.other")
    assert not may_point("plugins.api", "home.people")


def upward_relations(found: list[type[models.Model]]) -> list[str]:
    faults = []
    for model in found:
        source = model._meta.app_config.name
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            if isinstance(field.related_model, type):
                target = field.related_model._meta.app_config.name
                if not may_point(source, target):
                    faults.append(f"{model._meta.label}.{field.name} → {field.related_model._meta.label}")
    return faults


def test_no_model_points_upwards():
    assert upward_relations(list(apps.get_models(include_auto_created=True))) == []


def test_every_room_is_known_to_the_contracts():
    own = [
        config.name for config in apps.get_app_configs() if config.name.startswith(("home.", "workflows."))
    ]
    assert own
    assert [name for name in own if name not in RANKS] == []


def room_of_template(name: str) -> str | None:
    """Return the app that owns `site/templates/<room>/…`; None for what everybody shares."""
    label = name.split("/")[0]
    names = {config.label: config.name for config in apps.get_app_configs() if rank_of(config.name)}
    return names.get(label) if "/" in name else None


def upward_templates(files: dict[str, str]) -> list[str]:
    faults = []
    for name, text in files.items():
        source = room_of_template(name)
        for target_name in USE.findall(text):
            target = room_of_template(target_name)
            if source and target and not may_point(source, target):
                faults.append(f"{name} uses {target_name}")
    return faults


def test_no_template_uses_one_of_a_higher_room():
    files = {path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in TEMPLATES.rglob("*.html")}
    assert upward_templates(files) == []


def test_upward_template_is_found():
    line = '{% include "inbox/row.html" with task=task %}'
    assert upward_templates({"people/card.html": line}) == ["people/card.html uses inbox/row.html"]
    assert upward_templates({"inbox/list.html": '{% include "people/card.html" %}'}) == []
