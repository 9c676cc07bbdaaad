"""A definition is written as one YAML file and read back exactly; what is no definition is refused with its line."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.api.api import read_yaml
from tests.factories.flows import make_office, signature_flow
from tests.workflows.engine.test_any_flow import Maker
from workflows.definitions.api import Definition
from workflows.designer.exchange import MAX_BYTES, UnreadableError, from_yaml, to_yaml
from workflows.dossiers.api import DossierType

PROFILES = sorted(Path(__file__).parents[3].glob("**/dossier_types/*.yaml"))

#: Texts that YAML would take for something else, break, or fold.
TEXTS = (
    "no", "7:30", "2026-11-26", "null", "~", "1_000", "0x1F", "1e5", ".5", "- a", "a: b", "# x", "{x}", "[x]", "*a",
    "&a", "!x", "@", "`", "'", '"', "%d",
    "a\nb", "a\n\n b \nc", " hai  khoảng ", "Ồ ạt", "漢字 😀", "=", "true", "|", ">",
)  # fmt: skip


def back(raw: dict[str, Any]) -> str:
    before = Definition.parse(raw)
    text = to_yaml(before)
    after = from_yaml(text.encode(), "x.yaml")
    assert after.canonical() == before.canonical()
    assert after.digest() == before.digest()
    return text


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_every_type_of_the_profiles_comes_back(path):
    back(read_yaml(path).data)


@settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
@given(chance=st.randoms(use_true_random=False))
def test_every_flow_comes_back(chance):
    raw = Maker(chance).definition()
    raw["summary"] = {"vi": chance.choice(TEXTS), "en": chance.choice(TEXTS)}
    raw["register"]["code"] = chance.choice(TEXTS).strip() or "x"
    raw["flow"]["steps"][0]["days"] = chance.choice([0.5, 2, 365])
    raw["form"]["sections"][0]["fields"][0]["help"] = chance.choice(TEXTS)
    back(raw)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_stays_the_text_that_it_is(text):
    raw = signature_flow()
    raw["summary"] = text
    raw["flow"]["steps"][1]["branches"][0]["when"] = f"subject == {text!r} "
    back(raw)


def test_keys_stand_in_an_order_that_people_read():
    text = to_yaml(Definition.parse(signature_flow()))
    top = [line.split(":")[0] for line in text.splitlines() if line[:1].isalpha()]
    assert top == ["code", "title", "department", "register", "subject", "form", "flow"]
    step = text[text.index("- id: sign") :].splitlines()
    assert [line.split(":")[0].strip(" -") for line in step[:4]] == ["id", "kind", "title", "who"]
    assert "&" not in text
    assert "#" not in text


@pytest.mark.django_db
def test_the_file_is_what_the_command_publishes(tmp_path):
    make_office()
    path = tmp_path / "trinh-ky.yaml"
    path.write_text(to_yaml(Definition.parse(signature_flow())))
    call_command("publish_type", str(path), stdout=StringIO())
    stored = DossierType.objects.get(code="trinh-ky").current
    assert stored.definition == Definition.parse(signature_flow()).canonical()


def faults(source: bytes | str) -> list[Any]:
    with pytest.raises(UnreadableError) as caught:
        from_yaml(source.encode() if isinstance(source, str) else source, "x.yaml")
    return caught.value.faults


def test_a_fault_is_told_with_its_place_and_line():
    text = to_yaml(Definition.parse(signature_flow())).replace("kind: notify", "kind: notfy")
    [fault] = faults(text)
    assert fault.place.startswith("flow.steps[3]")
    assert fault.line == next(n for n, line in enumerate(text.splitlines(), 1) if "notfy" in line)
    assert "notify" in fault.message
    assert "x.yaml" in str(fault)


def test_all_faults_are_told_at_once():
    text = to_yaml(Definition.parse(signature_flow())).replace("kind: notify", "kind: notfy")
    assert len(faults(text.replace("code: trinh-ky", "code: TRÌNH KÝ"))) == 2


BOMB = "\n".join(
    [
        "a: &a [x, x, x, x, x, x, x, x, x]",
        *(f"{n}: &{n} [{', '.join(['*' + p] * 9)}]" for p, n in zip("abcdefgh", "bcdefghi", strict=True)),
    ]
)


@pytest.mark.parametrize(
    "source",
    [
        BOMB,
        "a: &x 1\nb: *x",
        "!!python/object/apply:os.system ['true']",
        "x: !!binary aGVsbG8=",
        "- a\n- b",
        "",
        "a: [1",
        "code: a\ncode: b",
        "<<: {code: x}",
        "[" * 200,
        b"\xff\xfe\x00",
        b"a: \x00",
        b"x" * (MAX_BYTES + 1),
    ],
    ids=["bomb", "alias", "object", "bytes", "list", "empty", "syntax", "twice", "merge", "deep", "utf", "nul", "big"],
)  # fmt: skip
def test_what_is_no_definition_is_refused(source):
    assert faults(source)
