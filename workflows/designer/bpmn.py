"""Writes a definition as BPMN 2.0 (OMG formal/2011-01-03, ISO/IEC 19510) with its diagram, for other tools to open."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from django.utils.translation import gettext as _

from home.forms.api import localized
from workflows.definitions.api import Definition
from workflows.engine.api import Box, Edge, Layout, lay_out

from .bpmn_nodes import CALL, CATCH, EVENT, GATEWAY, SUB, USER, Model, Node, Way, model_of

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS = "http://www.omg.org/spec/DD/20100524/DC"
LINES = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
#: The language of conditions: Common Expression Language.
CEL = "https://cel.dev"
#: Whose ids these are.
TARGET = "urn:congso:flows"

_NAMESPACES = {"bpmn": MODEL, "bpmndi": DI, "dc": BOUNDS, "di": LINES, "xsi": XSI}


def to_bpmn(definition: Definition) -> bytes:
    """Return the file. What BPMN has no element for stands in the documentation of the element concerned."""
    for prefix, address in _NAMESPACES.items():
        register_namespace(prefix, address)
    model = model_of(definition)
    layout = lay_out(model.pieces, margin=20)
    # Every prefix that a value names must be declared, whether an element uses it or not.
    root = Element(_in(MODEL, "definitions"), {"id": "definitions", "targetNamespace": TARGET})
    root.set("exporter", "Congso")
    process = SubElement(
        root, _in(MODEL, "process"), {"id": _process_id(definition), "isExecutable": "false"}
    )
    process.set("name", localized(definition.title))
    _document(process, [localized(definition.summary), _terms(definition)])
    writer = _Writer(model, layout)
    writer.elements(process, "")
    plane = _plane(root, process)
    writer.shapes(plane)
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8")


class _Writer:
    """Writes the elements of a process and their places."""

    def __init__(self, model: Model, layout: Layout) -> None:
        self.model, self.layout = model, layout
        self.boxes = {box.key: box for box in layout.boxes}
        self.flows = {f"flow_{number}": edge for number, edge in enumerate(layout.edges, 1)}

    # --- what happens ----------------------------------------------------------------------------------------

    def elements(self, parent: Element, inside: str) -> None:
        """Write the nodes of a process or sub-process, and the flows between them."""
        for node in self.model.nodes.values():
            if node.inside == inside:
                self.node(parent, node)
        for flow, edge in self.flows.items():
            if self.model.nodes[edge.source].inside == inside:
                self.flow(parent, flow, edge)

    def node(self, parent: Element, node: Node) -> None:
        element = SubElement(parent, _in(MODEL, node.tag), {"id": node.id})
        if node.name:
            element.set("name", node.name)
        if node.tag == CALL and node.of:
            element.set("calledElement", node.of)
        _document(element, node.notes)
        for flow, edge in self.flows.items():
            if edge.target == node.id:
                SubElement(element, _in(MODEL, "incoming")).text = flow
        for flow, edge in self.flows.items():
            if edge.source == node.id:
                SubElement(element, _in(MODEL, "outgoing")).text = flow
                if self.way(edge).default:
                    element.set("default", flow)
        self.rest(element, node)

    def rest(self, element: Element, node: Node) -> None:
        """Write what comes after the flows: who acts, how often, what is waited for, what lies inside."""
        if node.tag == USER and node.of:
            owner = SubElement(element, _in(MODEL, "potentialOwner"))
            assignment = SubElement(owner, _in(MODEL, "resourceAssignmentExpression"))
            SubElement(assignment, _in(MODEL, "formalExpression")).text = node.of
        if node.many:
            loop = SubElement(element, _in(MODEL, "multiInstanceLoopCharacteristics"))
            loop.set("isSequential", "true" if node.many == "sequence" else "false")
        if node.tag == CATCH and node.event is not None:
            _event(element, *node.event)
        if node.tag == SUB:
            self.elements(element, node.id)

    def flow(self, parent: Element, flow: str, edge: Edge) -> None:
        way = self.way(edge)
        element = SubElement(
            parent,
            _in(MODEL, "sequenceFlow"),
            {"id": flow, "sourceRef": edge.source, "targetRef": edge.target},
        )
        if way.name:
            element.set("name", way.name)
        if way.condition and not way.default:
            _expression(element, "conditionExpression", way.condition)

    def way(self, edge: Edge) -> Way:
        return self.model.ways.get(edge.label, Way())

    # --- where it lies ---------------------------------------------------------------------------------------

    def shapes(self, plane: Element) -> None:
        for node in self.model.nodes.values():
            shape = SubElement(plane, _in(DI, "BPMNShape"), {"id": f"{node.id}_di", "bpmnElement": node.id})
            if node.tag == SUB:
                shape.set("isExpanded", "true")
            box = self.boxes[node.id]
            inner = _middle(box, node)
            _bounds(shape, inner)
            if inner is not box and node.name:
                left = inner.x + inner.width + 6
                room = Box("", "", left, box.y, box.x + box.width - left, box.height)
                _bounds(SubElement(shape, _in(DI, "BPMNLabel")), room)
        for flow, edge in self.flows.items():
            self.line(plane, flow, edge)

    def line(self, plane: Element, flow: str, edge: Edge) -> None:
        element = SubElement(plane, _in(DI, "BPMNEdge"), {"id": f"{flow}_di", "bpmnElement": flow})
        for x, y in self.ends(edge):
            SubElement(element, _in(LINES, "waypoint"), {"x": f"{x:g}", "y": f"{y:g}"})
        if self.way(edge).name:
            _bounds(SubElement(element, _in(DI, "BPMNLabel")), self.boxes[edge.label])

    def ends(self, edge: Edge) -> list[tuple[float, float]]:
        """Return the points of a line, drawn up to the shapes: a cell may be taller than its gateway."""
        source, target = (
            _middle(self.boxes[key], self.model.nodes[key]) for key in (edge.source, edge.target)
        )
        (x1, _y1), *between, (x2, _y2) = edge.points
        return [(x1, source.bottom), *between, (x2, target.y)]


def _middle(box: Box, node: Node) -> Box:
    """Return where the shape itself lies in its box, which leaves room for the name beside it."""
    size = GATEWAY if node.tag.endswith("Gateway") else EVENT if node.tag.endswith("Event") else None
    if size is None:
        return box
    width, height = size
    return Box(box.key, box.role, box.axis - width / 2, box.y + (box.height - height) / 2, width, height)


def _process_id(definition: Definition) -> str:
    return "process_" + definition.code.replace("-", "_")


def _terms(definition: Definition) -> str:
    if definition.days is None:
        return ""
    return _("Working days from receipt to result: %(days)s") % {"days": definition.days}


def _plane(root: Element, process: Element) -> Element:
    diagram = SubElement(root, _in(DI, "BPMNDiagram"), {"id": "diagram"})
    return SubElement(diagram, _in(DI, "BPMNPlane"), {"id": "plane", "bpmnElement": process.get("id", "")})


def _document(element: Element, words: Iterable[str]) -> None:
    if text := "\n".join(filter(None, words)):
        SubElement(element, _in(MODEL, "documentation")).text = text


def _event(element: Element, kind: str, expression: str) -> None:
    if kind == "condition":
        definition = SubElement(element, _in(MODEL, "conditionalEventDefinition"))
        _expression(definition, "condition", expression)
        return
    definition = SubElement(element, _in(MODEL, "timerEventDefinition"))
    _expression(definition, "timeDate" if kind == "date" else "timeDuration", expression, language="")


def _expression(parent: Element, tag: str, text: str, *, language: str = CEL) -> None:
    element = SubElement(parent, _in(MODEL, tag), {_in(XSI, "type"): "bpmn:tFormalExpression"})
    if language:
        element.set("language", language)
    element.text = text


def _bounds(parent: Element, box: Box) -> None:
    values = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    SubElement(parent, _in(BOUNDS, "Bounds"), {name: f"{value:g}" for name, value in values.items()})


def _in(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"
