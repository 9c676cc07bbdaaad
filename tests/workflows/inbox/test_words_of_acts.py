"""Every act that is written to the trail of a dossier has words in its timeline."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone, translation

from home.audit.api import Entry, record
from tests.factories.flows import open_for
from workflows.inbox.timeline import VERBS, timeline

ROOT = Path(__file__).resolve().parents[3]
#: The rooms that write acts on dossiers; the trail of definitions and people is read elsewhere.
ROOMS = ("workflows/engine", "workflows/steps", "workflows/dossiers", "workflows/inbox")
ICONS = ROOT / "node_modules" / "@tabler" / "icons" / "icons" / "outline"


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _verb_of(call: ast.Call, helper: str) -> ast.expr | None:
    """Return what a call that writes an act says that it is, or None for any other call."""
    on_logger = "logger" in ast.dump(call.func)
    if _name(call) in ("log", helper) and call.args and not on_logger:
        return call.args[0]
    if _name(call) == "Entry":
        return next((word.value for word in call.keywords if word.arg == "verb"), None)
    return None


def written_verbs() -> Iterator[tuple[str, str]]:
    """Yield (verb, place) for each act that the rooms write; a verb has to stand there in letters."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            helper = "_entry" if " Entry(" in text else "log"
            for call in ast.walk(ast.parse(text)):
                verb = _verb_of(call, helper) if isinstance(call, ast.Call) else None
                if verb is None or (isinstance(verb, ast.Name) and verb.id == "verb"):
                    continue  # handed on by a function whose callers are looked at
                place = f"{path.relative_to(ROOT)}:{verb.lineno}"
                found = [node.value for node in ast.walk(verb) if isinstance(node, ast.Constant)]
                assert not any(isinstance(node, ast.JoinedStr) for node in ast.walk(verb)), place
                spelled = [word for word in found if isinstance(word, str) and "." in word]
                assert spelled, f"{place}: write the verb in letters"
                yield from ((word, place) for word in spelled)


#: Acts that belong to a person, a remark or a template: the timeline of a dossier never shows them.
ELSEWHERE = {
    "dossier.followed",
    "dossier.unfollowed",
    "remark.written",
    "remark.changed",
    "remark.withdrawn",
    "template.saved",
}
FOUND = dict(written_verbs())
WRITTEN = sorted((verb, place) for verb, place in FOUND.items() if verb not in ELSEWHERE)


def test_the_acts_are_found():
    assert FOUND.keys() >= ELSEWHERE
    verbs = {verb for verb, _place in WRITTEN}
    assert {"dossier.opened", "errand.failed", "sub.opened", "wait.over", "task.handed.forwarded"} <= verbs


@pytest.mark.parametrize(("verb", "place"), WRITTEN)
def test_every_act_has_words_and_an_icon(verb, place):
    assert verb in VERBS, f"{place} writes {verb!r}, which the timeline has no words for"
    words, icon = VERBS[verb]
    assert (ICONS / f"{icon}.svg").exists(), icon
    with translation.override("vi"):
        vietnamese = str(words)
    with translation.override("en"):
        assert vietnamese != str(words), f"{words} is not translated"


@pytest.mark.django_db
def test_work_that_failed_and_linked_dossiers_are_told(office, version):
    dossier = open_for(office, version)
    for verb, data in (
        ("errand.failed", {}),
        ("errand.retried", {}),
        ("errand.waived", {}),
        ("sub.opened", {"child": "07/2026-TTr"}),
        ("wait.over", {"end": "over"}),
        ("wait.over", {"end": "late"}),
    ):
        record(Entry(verb=verb, by=None, target=dossier.target, label=dossier.number, data=data))
    with translation.override("en"):
        told = {event.words: event for event in timeline(dossier, None)}
    assert set(told) >= {
        "gave up work that kept failing",
        "had failed work tried again",
        "opened a linked dossier",
        "went on after waiting",
        "went on, since it had waited too long",
    }
    assert told["opened a linked dossier"].note == "07/2026-TTr"
    assert told["opened a linked dossier"].at <= timezone.now()


@pytest.mark.django_db
def test_acts_name_whom_they_concern(office, version, django_assert_num_queries):
    dossier = open_for(office, version)
    unit = office.departments["TC"]
    for verb, data in (
        ("participant.added", {"item": f"dept:{unit.pk}"}),
        ("participant.removed", {"item": f"user:{office.tc1.pk}"}),
        ("task.handed.forwarded", {"before": "x", "now": office.tc2.username}),
        ("task.reassigned", {"now": "dept:999999"}),
        ("participant.removed", {"item": "branch:2"}),
    ):
        record(Entry(verb=verb, by=office.vp1, target=dossier.target, label=dossier.number, data=data))
    with django_assert_num_queries(4):
        acts = timeline(dossier, None)[-5:]
    assert [act.whom for act in acts] == [unit.name, str(office.tc1), str(office.tc2), "", ""]
