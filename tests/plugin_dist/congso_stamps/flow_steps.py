"""A step that notes in the audit trail that a document was stamped."""

from typing import Literal

from viewflow.workflow.activation import Activation

from workflows.steps.api import Act, Graph, Step, StepSpec, current_turn, node_name, ref, steps


class StampSpec(StepSpec):
    """Options: which stamp."""

    kind: Literal["stamp"] = "stamp"
    stamp: str


class StampStep(Step[StampSpec]):
    """Stamps the document; nobody needs to act."""

    code = "stamp"
    title = "Stamp"
    icon = "certificate"
    Spec = StampSpec

    def build(self, spec: StampSpec, graph: Graph, after: str) -> str:
        """Add one node that runs at once."""

        def stamp(activation: Activation) -> None:
            current_turn().log("dossier.stamped", stamp=spec.stamp)

        return graph.add(node_name(spec.id), Act(stamp).Next(ref(after)), spec)


steps.register(StampStep())
