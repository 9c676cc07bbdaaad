"""A definition becomes a viewflow flow class."""

from __future__ import annotations

from typing import Any

from workflows.definitions.api import Definition
from workflows.dossiers.api import Dossier
from workflows.steps.api import DONE, REJECTED, START, End, Graph, Start, generated_specs, ref, steps

MODULE = "workflows.engine.compiled"


def compile_definition(definition: Definition, name: str) -> type:
    """Return a new subclass of `DossierFlow` called `name`.

    Only the graph is compiled; who acts, by when and every condition stay data and are asked at run time.
    """
    from .flow import DossierFlow

    graph = Graph()
    graph.add(DONE, End(Dossier.State.APPROVED))
    graph.add(REJECTED, End(Dossier.State.REJECTED))
    first = graph.sequence(definition.flow.steps, DONE)
    for spec in generated_specs():
        steps.get(spec.kind).build(spec, graph, first)
    graph.add(START, Start().Next(ref(first)))
    attributes: dict[str, Any] = {
        "__module__": MODULE,
        "__doc__": "",
        "process_title": definition.code,
        "definition": definition,
        "schema": definition.questions,
        "paths": definition.paths,
        **graph.nodes,
    }
    metaclass: Any = type(DossierFlow)
    return metaclass(name, (DossierFlow,), attributes)
