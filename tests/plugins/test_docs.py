"""What is not documented is not plugin API."""

import re
from pathlib import Path

from plugins.api.api import API_VERSION, registries

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = (ROOT / "docs" / "reference" / "extension-points.md").read_text(encoding="utf-8")


def test_every_registry_has_a_heading_in_the_reference_and_nothing_else_has():
    ours = {r.module for r in registries() if r.declared_in.split(".")[0] in ("home", "workflows", "plugins")}
    headings = set(re.findall(r"^## (\S+)$", REFERENCE, re.MULTILINE))
    assert headings == ours


def test_every_field_kind_has_a_heading_in_its_reference_and_nothing_else_has():
    from home.forms.api import field_kinds

    text = (ROOT / "docs" / "reference" / "fields.md").read_text(encoding="utf-8")
    built_in = [k.code for k in field_kinds if k.__module__.split(".")[0] in ("home", "workflows")]
    assert sorted(re.findall(r"^## (\S+)$", text, re.MULTILINE)) == sorted(built_in)


def test_the_reference_names_the_version_of_the_interface():
    assert f"**{API_VERSION}**" in REFERENCE
