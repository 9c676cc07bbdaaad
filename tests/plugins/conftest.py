"""Hooks for tests that commit."""

from tests.restoring import pytest_runtest_teardown

__all__ = ["pytest_runtest_teardown"]
