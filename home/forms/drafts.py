"""Forms that somebody has begun: kept on the server, resumed on any device, gone when sent or thrown away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils import timezone

from plugins.api.api import EXAMPLE_KEY, Prepared

from .draft_models import FormDraft
from .files import DRAFT_LIFE
from .models import StoredFile
from .schema import FormSchema
from .submissions import freeze
from .text import localized

if TYPE_CHECKING:
    from home.people.models import User

    from .form import AnswerForm

#: The name under which a draft says which questions a page has asked by now.
SEEN = "_seen"

#: What is no answer and kept all the same: the key that makes a form count once, and which questions were asked.
KEPT_NAMES = frozenset({"_key", SEEN})


def draft_of(person: User, source: str) -> FormDraft | None:
    """Return what a person has begun under this name, if anything."""
    return _begun.first(person.pk, source)


#: Every form that is shown or sent asks this: its SQL is built once.
_begun: Prepared[FormDraft] = Prepared(
    lambda person, source: (
        FormDraft.objects.select_related("schema").filter(person=person, source=source).order_by("pk")
    ),
    EXAMPLE_KEY,
    "example source",
    keyed=True,
)


def save_draft(form: AnswerForm, *, person: User, source: str, step: int = 0) -> FormDraft:
    """Keep what a bound form holds, right or wrong, in the place of what was kept before.

    Files that were accepted are kept as long as the draft.
    """
    data = typed_in(form)
    draft, _created = FormDraft.objects.update_or_create(
        person=person,
        source=source[:100],
        defaults={
            "schema": freeze(form.schema),
            "data": data,
            "step": step,
            "saved_at": timezone.now(),
        },
    )
    ids = [value for name, value in data if name.endswith("-kept")]
    if ids:
        files = StoredFile.objects.filter(pk__in=[i for i in ids if _UUID.fullmatch(i)])
        files.filter(uploaded_by=person, holder_kind="").update(uploaded_at=draft.saved_at)
    return draft


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def discard_draft(person: User, source: str) -> bool:
    """Throw away what a person has begun. Returns whether there was anything."""
    return bool(FormDraft.objects.filter(person=person, source=source).delete()[0])


def typed_in(form: AnswerForm) -> list[list[str]]:
    """Return what was posted for the questions of a form as [name, value], with uploads named as what they became."""
    prefix = f"{form.prefix}-" if form.prefix else ""
    uploads: dict[str, Any] = {name: field for name, field in form.fields.items() if hasattr(field, "kept")}
    kept = {f"{prefix}{name}-kept": [str(one.pk) for one in field.kept] for name, field in uploads.items()}
    pairs = [[name, value] for name, values in kept.items() for value in values]
    for name, values in _lists(form.data):
        if name in kept or name.endswith("-remove"):
            continue
        if name in KEPT_NAMES or name == form.key_name or question_of(name, prefix, form.fields):
            pairs += [[_plain(name), _plain(value)] for value in values]
    return pairs


def _lists(data: Any) -> Iterator[tuple[str, list[str]]]:
    if hasattr(data, "lists"):
        yield from data.lists()
    else:
        yield from ((name, value if isinstance(value, list) else [value]) for name, value in data.items())


def question_of(name: str, prefix: str, keys: Iterable[str]) -> str:
    """Return the key of the question that a posted name belongs to: `q`, `q-…`, or `q_0` of a widget with parts."""
    if not name.startswith(prefix):
        return ""
    rest = name[len(prefix) :]
    if rest in keys:
        return rest
    first = rest.partition("-")[0]
    if first in keys:
        return first
    part = re.fullmatch(r"(.+?)_\d+", first)
    return part[1] if part and part[1] in keys else ""


def _plain(value: str) -> str:
    """Drop what the databases' JSON cannot hold."""
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()


def data_of(draft: FormDraft, schema: FormSchema, prefix: str = "") -> tuple[QueryDict, list[str]]:
    """Return what a draft holds as it would be posted to `schema`, and the labels of questions that it lost.

    A question that is gone, or asks for another kind of answer now, loses what was typed.
    """
    now = {field.key: field.kind for field in schema.fields()}
    before = {field.key: field for field in draft.schema.parsed.fields()}
    fits = {key for key, field in before.items() if now.get(key) == field.kind}
    data, lost = QueryDict(mutable=True), dict[str, None]()
    for name, value in draft.data:
        key = question_of(name, prefix, before)
        if name in KEPT_NAMES or key in fits:
            data.appendlist(name, value)
        elif key and value:
            lost[localized(before[key].label)] = None
    return data, list(lost)


def purge_form_drafts() -> int:
    """Delete drafts that nobody came back to as long as drafts of files live. Returns how many."""
    return FormDraft.objects.filter(saved_at__lt=timezone.now() - DRAFT_LIFE).delete()[0]
