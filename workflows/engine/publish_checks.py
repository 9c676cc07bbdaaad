"""What does not compile is never stored."""

from __future__ import annotations

from workflows.definitions.api import Definition, PublishCheck, publish_checks
from workflows.steps.api import Finding

from .compiler import compile_definition
from .sub_dossiers import check_circles


def compiles(definition: Definition) -> list[Finding]:
    """Return what keeps a definition from being compiled."""
    try:
        compile_definition(definition, "Draft")
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        return [Finding("flows.E090", str(error), "flow")]
    return []


publish_checks.register(PublishCheck("compiles", compiles))
publish_checks.register(PublishCheck("circles", lambda definition: list(check_circles(definition))))
