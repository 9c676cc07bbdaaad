"""The answers that somebody is typing on a task: asked with what the dossier knows, kept until they decide."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from home.forms.api import (
    AnswerForm,
    FormSchema,
    build_form,
    data_of,
    discard_draft,
    draft_of,
    save_draft,
    state_response,
)
from workflows.definitions.api import definition_of
from workflows.engine.api import TaskView

from .gate import reader_of

#: What may go with any decision: a question of its own, beside those of the step.
_ENCLOSED = FormSchema.parse(
    {
        "sections": [
            {
                "fields": [
                    {
                        "key": "files",
                        "kind": "file",
                        "label": {"vi": "Tệp kèm theo", "en": "Files that go with it"},
                        "multiple": True,
                    }
                ]
            }
        ]
    }
)

#: What its posted names begin with.
ENCLOSED = "with"

#: What a script posts while somebody types, and what it wants back.
_LIVE = ("look", "save")


def enclosed_form(request: HttpRequest, data: Any, files: Any) -> AnswerForm:
    """Return the question for files that go with a decision."""
    return build_form(_ENCLOSED, user=reader_of(request), data=data, files=files, prefix=ENCLOSED)


def questions_of(request: HttpRequest, view: TaskView, data: Any, files: Any = None) -> AnswerForm:
    """Return the questions of a step; their conditions may name any question of the dossier."""
    schema = view.form
    if schema is None:
        raise ValueError("This step asks nothing.")
    return build_form(
        schema,
        user=reader_of(request),
        data=data,
        files=files,
        initial=view.dossier.answers,
        known=definition_of(view.dossier.version).questions,
    )


def begun_questions(request: HttpRequest, view: TaskView) -> tuple[AnswerForm, datetime | None]:
    """Return the questions with what the reader had begun to answer, and when that was kept."""
    draft = draft_of(reader_of(request), _source(view))
    if draft is None or view.form is None:
        return questions_of(request, view, None), None
    data, _lost = data_of(draft, view.form)
    form = questions_of(request, view, data)
    form.judged = frozenset()
    return form, draft.saved_at


def keep_answers(request: HttpRequest, view: TaskView) -> AnswerForm:
    """Keep the answers as they stand; uploads go along."""
    form = questions_of(request, view, request.POST, request.FILES)
    form.full_clean_once()
    save_draft(form, person=reader_of(request), source=_source(view))
    return form


def forget_answers(request: HttpRequest, pk: int) -> None:
    """Throw away what the reader had begun, once they have decided."""
    discard_draft(reader_of(request), f"task:{pk}")


def is_live(request: HttpRequest) -> bool:
    """Tell whether a script only asks how the form stands."""
    return request.POST.get("_go", "") in _LIVE and request.headers.get("Accept") == "application/json"


def live_answer(request: HttpRequest, view: TaskView) -> HttpResponse:
    """Tell a script how the form stands, and keep it where it asks for that."""
    if request.POST["_go"] == "save":
        form = keep_answers(request, view)
        kept = draft_of(reader_of(request), _source(view))
        return state_response(form, kept.saved_at if kept else None)
    return state_response(questions_of(request, view, request.POST))


def _source(view: TaskView) -> str:
    return f"task:{view.task.pk}"
