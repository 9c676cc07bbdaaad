"""The preview of a draft: its flow as it would run, and what the checks find, each beside the step concerned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from csp.constants import NONE, SELF
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from workflows.engine.api import Drawing, Extra, Part, draw_parts
from workflows.steps.api import ERROR, Finding

from .labels import titles_of
from .models import FlowDraft
from .publishing import checked
from .reading import block_of, data_of
from .sketch import Sketch, sketch

#: The page stands in a frame of the editor, runs our own scripts and nothing else.
POLICY = {
    "default-src": [SELF],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}


@dataclass(frozen=True)
class Remark:
    """A finding as the page shows it: its number in the diagram, the step's title, and the block in the editor."""

    number: int
    finding: Finding
    title: str
    block: str

    @property
    def is_error(self) -> bool:
        """Whether it refuses publication."""
        return self.finding.level == ERROR


def page(draft: FlowDraft, request: HttpRequest) -> TemplateResponse:
    """Return the page that Wagtail's preview panel shows; a draft that is incomplete is drawn as far as it goes."""
    found = sketch(data_of(draft))
    parts = {part.place: part for part in _all(found.parts)}
    remarks = list(_remarks(draft, found, parts))
    context = {
        "draft": draft,
        "drawing": _drawn(draft, found, parts, remarks),
        "remarks": remarks,
        "errors": sum(remark.is_error for remark in remarks),
    }
    response = TemplateResponse(request, "designer/preview.html", context)
    response._csp_config = POLICY  # type: ignore[attr-defined]  # django-csp reads it
    return response


def _remarks(draft: FlowDraft, found: Sketch, parts: Mapping[str, Part]) -> Iterator[Remark]:
    titles = titles_of(draft)
    for number, finding in enumerate(checked(draft, found.definition, found.problems), 1):
        part, block = parts.get(_place_of(finding, parts)), block_of(draft, finding.place)
        yield Remark(number, finding, part.title if part else titles.get(block, ""), block)


def _drawn(draft: FlowDraft, found: Sketch, parts: Mapping[str, Part], remarks: Sequence[Remark]) -> Drawing:
    numbers: dict[str, list[int]] = {}
    for remark in remarks:
        numbers.setdefault(_place_of(remark.finding, parts), []).append(remark.number)
    blocks = {place: block_of(draft, place) for place in parts}
    links = {place: f"#{block}" for place, block in blocks.items() if block}
    title = _("Flow: %(title)s") % {"title": str(draft) or _("without a title")}
    return draw_parts(found.parts, title, Extra(numbers, links))


def _place_of(finding: Finding, parts: Mapping[str, Part]) -> str:
    """Return the place of the innermost step that a finding lies in, or nothing."""
    place = finding.place
    while place and place not in parts:
        place = place[: max(place.rfind("."), place.rfind("["), 0)]
    return place


def _all(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        for way in part.ways:
            yield from _all(way.parts)
