"""A definition becomes a draft and comes back as it was, whatever it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.flows import make_office
from tests.factories.people import DepartmentFactory
from tests.workflows.engine.test_any_flow import Maker
from workflows.definitions.api import Definition
from workflows.designer.models import FlowDraft
from workflows.designer.reading import definition_of_draft, draft_from

pytestmark = pytest.mark.django_db

PROFILES = sorted(Path(__file__).parents[3].glob("**/dossier_types/*.yaml"))


@pytest.fixture
def office():
    return make_office()


def there_and_back(raw: dict[str, Any]) -> FlowDraft:
    before = Definition.parse(raw)
    for code in filter(None, [before.department, *getattr(before.start, "departments", [])]):
        DepartmentFactory._meta.model.objects.get_or_create(code=code, defaults={"name": code})
    draft = draft_from(before)
    assert definition_of_draft(draft).canonical() == before.canonical()
    draft.save()
    stored = FlowDraft.objects.get(pk=draft.pk)
    assert definition_of_draft(stored).canonical() == before.canonical()
    revision = stored.save_revision().as_object()
    assert definition_of_draft(revision).canonical() == before.canonical()
    return stored


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_every_type_of_the_profiles_comes_back(path):
    there_and_back(yaml.safe_load(path.read_text()))


@settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
@given(chance=st.randoms(use_true_random=False))
def test_every_flow_that_can_be_drawn_comes_back(office, chance):
    FlowDraft.objects.all().delete()
    there_and_back(Maker(chance).definition())
