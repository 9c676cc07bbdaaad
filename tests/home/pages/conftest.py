"""What tests of pages share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from home.base.api import search_sources


@pytest.fixture
def without_help() -> Iterator[None]:
    """Leave the help out of the search: it holds many words."""
    with search_sources.override(without=["help"]):
        yield
