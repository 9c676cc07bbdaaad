"""A check before publication: a step that stamps names a stamp that is in the register."""

from workflows.definitions.api import Definition, PublishCheck, publish_checks
from workflows.steps.api import Finding, walk


def _stamps_exist(definition: Definition) -> list[Finding]:
    from .models import Stamp

    named = [(spec, place) for spec, place, _depth in walk(definition.flow.steps) if spec.kind == "stamp"]
    known = set(Stamp.objects.values_list("code", flat=True))
    return [
        Finding("stamps.E001", f"No stamp is called {spec.stamp!r}.", f"{place}.stamp", spec.id)
        for spec, place in named
        if spec.stamp not in known
    ]


publish_checks.register(PublishCheck("stamps_exist", _stamps_exist))
