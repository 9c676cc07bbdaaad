"""The definition of a stored version, read once per process."""

from __future__ import annotations

from workflows.dossiers.api import FlowVersion

from .definition import Definition, digest_of

_parsed: dict[str, Definition] = {}


class DamagedVersionError(RuntimeError):
    """A stored version whose definition no longer matches its digest or cannot be read."""


def definition_of(version: FlowVersion) -> Definition:
    """Return the definition of `version`; versions never change, so nothing is ever invalidated.

    Raises `DamagedVersionError` when the row was tampered with or needs a kind that is not installed.
    """
    name = version.class_name
    if name not in _parsed:
        _parsed[name] = _read(version)
    return _parsed[name]


def _read(version: FlowVersion) -> Definition:
    if digest_of(version.definition) != version.sha256:
        raise DamagedVersionError(f"Version {version.pk} is not what was published: its digest differs.")
    try:
        return Definition.parse(version.definition)
    except ValueError as error:
        raise DamagedVersionError(f"Version {version.pk} cannot be read: {error}") from error


def forget_definition(version: FlowVersion) -> None:
    """Forget what this process has read of a version that is never committed."""
    _parsed.pop(version.class_name, None)
