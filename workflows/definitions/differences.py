"""What changed between two definitions, in words: every change once, whatever it is.

Both are compared as data, so that nothing can be missed: what has words of its own here is said with them, and
anything else (an option of a plugin's step) by the name of its key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .comparing import Located, kept_in_order, located, matched, plain
from .definition import Definition
from .names import Names
from .wording import Wording

ADDED, REMOVED, MOVED, CHANGED = "added", "removed", "moved", "changed"


@dataclass(frozen=True)
class Difference:
    """One change. `what` is `added`, `removed`, `moved` or `changed`; `step` the id of the step concerned, if any;
    `place` is where it stands in the new definition (in the old one, if it is gone)."""

    what: str
    text: str
    place: str = ""
    step: str = ""

    def __str__(self) -> str:
        return self.text


def differences(old: Definition, new: Definition) -> list[Difference]:
    """Return what changed from `old` to `new`, in the order of the definition; at most three queries for names."""
    # With their defaults: “everyone → Phòng Tài chính” says more than “none → Phòng Tài chính”.
    before, after = (one.model_dump(mode="json", by_alias=True) for one in (old, new))
    return differences_of_data(before, after)


def differences_of_data(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what changed between the data of two definitions; drafts may be incomplete."""
    if before == after:
        return []
    say = Wording(Names.of(before, after))
    return [*_head(before, after, say), *_form(before, after, say), *_flow(before, after, say)]


def _head(before: Mapping[str, Any], after: Mapping[str, Any], say: Wording) -> Iterator[Difference]:
    """Compare what is neither form nor flow."""
    for key in _keys(before, after):
        if key in ("form", "flow") or before.get(key) == after.get(key):
            continue
        if key == "register":
            yield from _register(plain(before.get(key)), plain(after.get(key)), say)
            continue
        yield Difference(
            CHANGED, say.change(capfirst(say.key(key)), key, before.get(key), after.get(key)), key
        )


def _register(one: Mapping[str, Any], other: Mapping[str, Any], say: Wording) -> Iterator[Difference]:
    names = {"code": _("Register"), "pattern": _("Pattern of the numbers")}
    for key in _keys(one, other):
        if one.get(key) != other.get(key):
            words = say.change(names.get(key, key), f"register.{key}", one.get(key), other.get(key))
            yield Difference(CHANGED, words, f"register.{key}")


# --- the form -----------------------------------------------------------------------------------------------


def _form(before: Mapping[str, Any], after: Mapping[str, Any], say: Wording) -> Iterator[Difference]:
    one, other = plain(before.get("form")), plain(after.get("form"))
    for key in _keys(one, other):
        if key != "sections" and one.get(key) != other.get(key):
            words = say.change(_("Form: %(key)s") % {"key": say.key(key)}, key, one.get(key), other.get(key))
            yield Difference(CHANGED, words, f"form.{key}")
    yield from _sections(one.get("sections") or [], other.get("sections") or [], say)


def _sections(one: list[Any], other: list[Any], say: Wording) -> Iterator[Difference]:
    pairs = matched(one, other, _likeness_of_sections)
    for old, new in pairs:
        if new is None:
            assert old is not None  # noqa: S101 - a pair has at least one side
            words = _("Removed section “%(section)s” of the form.")
            yield Difference(REMOVED, words % {"section": _section(one, old, say)}, f"form.sections[{old}]")
        elif old is None:
            words = _("Added section “%(section)s” to the form.")
            yield Difference(ADDED, words % {"section": _section(other, new, say)}, f"form.sections[{new}]")
        else:
            yield from _options(
                one[old],
                other[new],
                _("Section “%(section)s”") % {"section": _section(other, new, say)},
                f"form.sections[{new}]",
                say,
                leave=("fields",),
            )
    both = [(old, new) for old, new in pairs if old is not None and new is not None]
    stay = kept_in_order([old for old, _new in sorted(both, key=lambda pair: pair[1])])
    for old, new in both:
        if old not in stay:
            words = _("Moved section “%(section)s” of the form.")
            yield Difference(MOVED, words % {"section": _section(other, new, say)}, f"form.sections[{new}]")
    twins = dict(both)
    yield from _questions(
        [
            (twins.get(s, f"old {s}"), field)
            for s, section in enumerate(one)
            for field in section.get("fields", ())
        ],
        [(s, field) for s, section in enumerate(other) for field in section.get("fields", ())],
        "form",
        "",
        say,
    )


def _likeness_of_sections(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    keys = {field.get("key") for field in one.get("fields", ())}
    keys &= {field.get("key") for field in other.get("fields", ())}
    return 2 * len(keys) + (1 if one.get("title") == other.get("title") else 0)


def _section(sections: list[Any], index: int, say: Wording) -> str:
    return say.text(sections[index].get("title")) or str(index + 1)


def _questions(
    one: Sequence[tuple[Any, Any]], other: Sequence[tuple[Any, Any]], place: str, step: str, say: Wording
) -> Iterator[Difference]:
    """Compare questions, each with the group that it stands in, by their keys."""
    old = {str(field.get("key")): (group, field) for group, field in one}
    new = {str(field.get("key")): (group, field) for group, field in other}
    for key, (_group, field) in old.items():
        if key not in new:
            words = _("Removed question “%(question)s”.") % {"question": say.label(field)}
            yield Difference(REMOVED, words, f"{place}.{key}", step)
    moved = _moved_questions(old, new)
    for key, (_group, field) in new.items():
        here = f"{place}.{key}"
        if key not in old:
            words = _("Added question “%(question)s”.") % {"question": say.label(field)}
            yield Difference(ADDED, words, here, step)
            continue
        if key in moved:
            words = _("Moved question “%(question)s”.") % {"question": say.label(field)}
            yield Difference(MOVED, words, here, step)
        name = _("Question “%(question)s”") % {"question": say.label(field)}
        yield from _options(old[key][1], field, name, here, say, step=step)


def _moved_questions(old: Mapping[str, tuple[Any, Any]], new: Mapping[str, tuple[Any, Any]]) -> set[str]:
    """Return the keys of those in another group, or at another place among those that stayed with them."""
    order = {key: number for number, key in enumerate(old)}
    both = [key for key in new if key in old]
    found = {key for key in both if old[key][0] != new[key][0]}
    for group in {new[key][0] for key in both}:
        keys = [key for key in both if new[key][0] == group and key not in found]
        stay = kept_in_order([order[key] for key in keys])
        found |= {key for key in keys if order[key] not in stay}
    return found


# --- the flow -----------------------------------------------------------------------------------------------


def _flow(before: Mapping[str, Any], after: Mapping[str, Any], say: Wording) -> Iterator[Difference]:
    one, other = plain(before.get("flow")).get("steps") or [], plain(after.get("flow")).get("steps") or []
    twins = _twins(one, other)
    old, new = located(one, {}), located(other, twins)
    for key, found in old.items():
        if key not in new:
            words = _("Removed step “%(step)s”.") % {"step": say.title(found.data)}
            yield Difference(REMOVED, words, found.place, found.id)
    moved = _moved(old, new)
    for key, found in new.items():
        if key not in old:
            words = _("Added step “%(step)s” %(where)s.")
            values = {"step": say.title(found.data), "where": _where(found, new, say)}
            yield Difference(ADDED, words % values, found.place, found.id)
            continue
        if key in moved:
            words = _("Moved step “%(step)s”: now %(where)s.")
            values = {"step": say.title(found.data), "where": _where(found, new, say)}
            yield Difference(MOVED, words % values, found.place, found.id)
        yield from _step(old[key].data, found, twins.get(key), say)


def _twins(one: Any, other: Any) -> dict[str, list[tuple[int | None, int | None]]]:
    """Return which branch of a block is which, by the id of the block: (old, new) numbers, None where there is none."""
    old, new = located(one, {}), located(other, {})
    return {
        key: matched(old[key].data.get("branches") or [], found.data.get("branches") or [], _likeness)
        for key, found in new.items()
        if key in old
    }


def _likeness(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """Tell how much two branches of a block have in common: name, condition, code and steps."""
    ids = {step.get("id") for step in one.get("steps", ())} & {
        step.get("id") for step in other.get("steps", ())
    }
    keys = ("code", "title", "label", "when", "otherwise")
    same = [key for key in keys if one.get(key) and one.get(key) == other.get(key)]
    return 3 * len(ids) + 2 * len(same)


def _moved(old: Mapping[str, Located], new: Mapping[str, Located]) -> set[str]:
    """Return the steps that stand in another branch, or at another place among those that stayed with them."""
    found = {key for key in new if key in old and old[key].home != new[key].home}
    groups: dict[Any, list[str]] = {}
    for key, step in new.items():
        if key in old and key not in found:
            groups.setdefault(step.home, []).append(key)
    for keys in groups.values():
        stay = kept_in_order([old[key].index for key in keys])
        found |= {key for key in keys if old[key].index not in stay}
    return found


def _where(found: Located, steps: Mapping[str, Located], say: Wording) -> str:
    if found.before:
        return _("after “%(step)s”") % {"step": say.title(steps[found.before].data)}
    if found.block:
        values = {"number": found.branch + 1, "block": say.title(steps[found.block].data)}
        return _("at the beginning of branch %(number)s of “%(block)s”") % values
    return _("at the beginning")


def _step(
    old: Mapping[str, Any], found: Located, pairs: list[tuple[int | None, int | None]] | None, say: Wording
) -> Iterator[Difference]:
    """Compare the options of one step, its questions and its branches."""
    new = found.data
    name = _("Step “%(step)s”") % {"step": say.title(new)}
    questions = [key for key in ("fields",) if key in old or key in new]
    yield from _options(old, new, name, found.place, say, step=found.id, leave=("branches", *questions))
    for key in questions:
        groups = [[(0, field) for field in side.get(key) or []] for side in (old, new)]
        yield from _questions(groups[0], groups[1], f"{found.place}.{key}", found.id, say)
    yield from _branches(old.get("branches") or [], new.get("branches") or [], pairs or [], found, say)


def _branches(
    one: list[Any], other: list[Any], pairs: list[tuple[int | None, int | None]], found: Located, say: Wording
) -> Iterator[Difference]:
    """Compare the branches of a block without their steps, which are compared by their ids."""
    block = say.title(found.data)
    for old, new in pairs:
        if new is None:
            assert old is not None  # noqa: S101 - a pair has at least one side
            words = _("Removed branch “%(branch)s” of “%(block)s”.")
            values = {"branch": say.branch(one[old], old), "block": block}
            yield Difference(REMOVED, words % values, f"{found.place}.branches[{old}]", found.id)
            continue
        place = f"{found.place}.branches[{new}]"
        values = {"branch": say.branch(other[new], new), "block": block}
        if old is None:
            words = _("Added branch “%(branch)s” to “%(block)s”.")
            yield Difference(ADDED, words % values, place, found.id)
            continue
        name = _("Branch “%(branch)s” of “%(block)s”") % values
        yield from _options(one[old], other[new], name, place, say, step=found.id, leave=("steps",))
    both = sorted(((new, old) for old, new in pairs if old is not None and new is not None))
    stay = kept_in_order([old for _new, old in both])
    for now, was in both:
        if was not in stay:
            words = _("Moved branch “%(branch)s” of “%(block)s”: now number %(number)s.")
            number = {"branch": say.branch(other[now], now), "block": block, "number": now + 1}
            yield Difference(MOVED, words % number, f"{found.place}.branches[{now}]", found.id)


# --- options ------------------------------------------------------------------------------------------------


def _options(
    one: Mapping[str, Any],
    other: Mapping[str, Any],
    name: str,
    place: str,
    say: Wording,
    *,
    step: str = "",
    leave: Sequence[str] = (),
) -> Iterator[Difference]:
    """Yield one difference for each key of a part that differs."""
    for key in _keys(one, other):
        if key in leave or one.get(key) == other.get(key):
            continue
        heading = _("%(part)s, %(option)s") % {"part": name, "option": say.key(key)}
        words = say.change(heading, key, one.get(key), other.get(key))
        yield Difference(CHANGED, words, f"{place}.{key}", step)


def _keys(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return the keys of both, those of the newer one first."""
    return list(dict.fromkeys([*other, *one]))
