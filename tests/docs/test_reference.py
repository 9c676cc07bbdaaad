"""What is not documented does not exist: the reference is compared with the registries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from plugins.api.api import parse_yaml
from tests.factories.flows import make_office
from workflows.definitions.api import Definition, lint
from workflows.steps.api import HumanSpec, StepSpec, offered, steps

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
STEPS = (DOCS / "reference/steps.md").read_text()
DEFINITIONS = (DOCS / "reference/definitions.md").read_text()


def section(code):
    return re.search(rf"^## {code}\n(.*?)(?=^## |\Z)", STEPS, re.S | re.M)[1]


def test_every_kind_of_step_has_its_section_and_no_other():
    headings = set(re.findall(r"^## ([a-z_]+)$", STEPS, re.M))
    assert headings == {step.code for step in offered()}


@pytest.mark.parametrize("code", [step.code for step in offered()])
def test_every_option_is_described(code):
    shared = set((HumanSpec if steps.get(code).human else StepSpec).model_fields)
    fields = steps.get(code).Spec.model_fields
    options = {field.alias or name for name, field in fields.items() if name not in shared}
    rows = re.findall(r"^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \|", section(code), re.M)
    described = set(re.findall(r"`([a-z_]+)`", "".join(rows)))
    assert described == options


@pytest.mark.parametrize("code", [step.code for step in offered()])
def test_every_example_can_be_read(code):
    [example] = re.findall(r"```yaml\n(.*?)```", section(code), re.S)
    for raw in yaml.safe_load(example):
        assert isinstance(steps.get(code).Spec.model_validate(raw), StepSpec)


def test_every_option_of_steps_of_people_is_described():
    table = re.search(r"\| option of people's steps.*?\n\n", STEPS, re.S)[0]
    described = set(re.findall(r"\w+", " ".join(re.findall(r"^\| ([a-z_, ]+) \|", table, re.M))))
    assert described == set(HumanSpec.model_fields) - set(StepSpec.model_fields)


def test_every_key_of_a_definition_is_described():
    keys = {field.alias or name for name, field in Definition.model_fields.items()}
    for key in keys:
        assert f"`{key}`" in DEFINITIONS, key


def test_exactly_the_findings_that_exist_are_described():
    source = "".join(
        path.read_text()
        for path in (DOCS.parent / "workflows").rglob("*.py")
        if "migrations" not in path.parts
    )
    codes = set(re.findall(r"\"(flows\.[EW]\d{3})\"", source))
    assert set(re.findall(r"flows\.[EW]\d{3}", DEFINITIONS)) == codes


def test_the_tutorial_works_as_written(db):
    office = make_office()
    [text] = re.findall(r"```yaml\n(.*?)```", (DOCS / "tutorials/first-flow.md").read_text(), re.S)
    definition = Definition.parse(parse_yaml(text.encode(), "xe-cong.yaml").data)
    findings = [finding for finding in lint(definition) if "pho-chanh-van-phong" not in finding.message]
    assert findings == []
    from tests.factories.flows import act
    from workflows.definitions.api import publish
    from workflows.engine.api import open_dossier

    raw = definition.canonical()
    raw["flow"]["steps"][1]["branches"][0]["steps"][0]["fallback"] = {"user": "chair"}
    answers = {"destination": "Cần Giờ", "from_on": "2026-12-01", "days": 3}
    dossier = open_dossier(publish(Definition.parse(raw)), by=office.ann, answers=answers)
    assert act(dossier, "head", office.head_dt).open_steps == ["chief"]


def test_links_between_documents_lead_somewhere():
    for path in [*DOCS.rglob("*.md"), DOCS.parent / "README.md", DOCS.parent / "CHANGELOG.md"]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text()):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_placeholder_and_handler_of_forms_is_described():
    from home.forms.api import PLACEHOLDERS, submission_handlers

    text = (DOCS / "how-to/forms.md").read_text()
    described = set(re.findall(r"^ +\| `\{([a-z]+)\}`", text, re.M))
    assert described == set(PLACEHOLDERS)
    handlers = {kind.code for kind in submission_handlers if kind.on_pages}
    assert set(re.findall(r"^### ([a-z_]+)$", text, re.M)) == handlers
