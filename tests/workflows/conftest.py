"""Fixtures of dossiers."""

from __future__ import annotations

import pytest

from tests.factories.flows import Office, make_office
from workflows.dossiers.api import FlowVersion


@pytest.fixture
def office(db: None) -> Office:
    """A small office."""
    return make_office()


@pytest.fixture
def version(office: Office) -> FlowVersion:
    """The published signature flow."""
    return office.publish()
