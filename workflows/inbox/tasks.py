"""The page of one task, and the acts on it: claim, release, decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from home.forms.api import (
    AnswerForm,
    build_form,
    clean_text,
    display,
    keep_on_expiry,
    localized,
    owner_token,
    posted,
)
from home.people.api import User
from workflows.dossiers.api import Dossier, principals_of
from workflows.engine.api import (
    MAX_NOTE,
    BusyError,
    ConflictError,
    FaultError,
    InvalidActError,
    TaskView,
    claim,
    decide,
    draft_of,
    may_reassign,
    may_recall,
    release,
    save_draft,
    view_task,
)

from .acts import may_ask_supplement, may_forward
from .answers import answers_of, readable_definition
from .clashes import Typed, busy_words, conflict_page
from .consequences import buttons_of
from .deadlines import lights
from .files import files_of
from .gate import login_first, reader_of, without_trace
from .holders import others_who_may
from .news import news_for
from .notes import instructions_of
from .pauses import Link, clock_acts, pause_now, pauses_of
from .talk import talk_of
from .timeline import timeline
from .typed_answers import (
    ENCLOSED,
    begun_questions,
    enclosed_form,
    forget_answers,
    is_live,
    keep_answers,
    live_answer,
    questions_of,
)
from .why_due import why_task_due
from .words import (
    closed_words,
    outcome_label,
    outcome_tone,
    role_names,
    rule_words,
    title_of,
    why_words,
)

#: The questions of the kind of step itself (a capacity to sign in, a routing) are no answers of the dossier.
_ASK = "ask"

#: The button that keeps what was typed, without a decision.
_KEEP = "keep"

#: The name under which every form of `home.forms` posts its key: a step with questions was answered.
_FORM_KEY = "_key"


@dataclass
class Attempt:
    """What a person sent, and why it did not work; everything is shown again."""

    note: str = ""
    outcome: str = ""
    error: str = ""
    wrong: str = ""
    form: AnswerForm | None = None
    enclosed: AnswerForm | None = None
    ask: AnswerForm | None = None
    to: str = ""
    status: int = 200
    #: When what is shown as the note was kept as a draft.
    kept_at: datetime | None = None

    def is_valid(self) -> bool:
        """Check all forms; each shows its own mistakes."""
        forms = [form for form in (self.form, self.ask, self.enclosed) if form is not None]
        checked = [form.is_valid() for form in forms]
        return all(checked)

    def file_ids(self) -> list[str]:
        """Return the ids of the enclosed files, once they are valid."""
        return [file["id"] for file in self.enclosed.answers().get("files", [])] if self.enclosed else []


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a task with its decision form, or carry the decision out."""
    if request.method == "POST":
        return _decide(request, pk)
    data, files = posted(request)
    view = view_task(pk, reader_of(request))
    attempt = Attempt(
        note=data.get("note", "") if data else "", outcome=data.get("outcome", "") if data else ""
    )
    if view.can_act:
        if not data and (draft := draft_of(pk, reader_of(request))):
            attempt.note, attempt.kept_at = draft.note, draft.saved_at
        attempt.enclosed = enclosed_form(request, data, files)
        attempt.ask = _asked(request, view, data, files)
        if view.form and data:
            attempt.form = questions_of(request, view, data, files)
        elif view.form:
            attempt.form, kept_at = begun_questions(request, view)
            attempt.kept_at = attempt.kept_at or kept_at
    return _page(request, view, attempt)


@login_first
@require_POST
@without_trace
def claim_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task out of its pool."""
    done = _("The task is yours now. Your colleagues no longer see it as open.")
    return _move(request, pk, claim, done=done, then=redirect("task", pk))


@login_first
@require_POST
@without_trace
def release_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a claimed task back."""
    done = _("The task is open to your colleagues again.")
    return _move(request, pk, release, done=done, then=redirect("inbox"))


def _move(
    request: HttpRequest, pk: int, act: Callable[..., object], *, done: str, then: HttpResponse
) -> HttpResponse:
    """Claim or release a task, and say how it went; what was refused stays on the task's page."""
    try:
        act(pk, by=reader_of(request))
    except ConflictError as clash:
        return conflict_page(request, clash, step_id=_step_of(request, pk))
    except BusyError:
        messages.error(request, busy_words())
    except InvalidActError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
        return then
    return redirect("task", pk)


def _decide(request: HttpRequest, pk: int) -> HttpResponse:
    reader = reader_of(request)
    attempt = Attempt(
        note=clean_text(request.POST.get("note", ""), lines=True), outcome=request.POST.get("outcome", "")
    )
    outcome = attempt.outcome
    attempt.to = clean_text(request.POST.get(f"to-{outcome}", ""))
    try:
        if is_live(request) or _KEEP in request.POST:
            return _keep(request, pk, attempt)
        if _FORM_KEY in request.POST or _encloses(request):
            view = view_task(pk, reader)
            if view.can_act:
                _read_forms(request, view, attempt)
                if not attempt.is_valid():
                    return _page(request, view, attempt)
            else:
                # No upload is stored for somebody who may not act; the engine says who was faster.
                outcome = ""
        dossier = decide(
            pk,
            by=reader,
            outcome=outcome,
            note=attempt.note,
            answers=attempt.form.answers() if attempt.form else None,
            files=attempt.file_ids(),
            to=attempt.to,
            extra=attempt.ask.answers() if attempt.ask else None,
        )
    except ConflictError as clash:
        rows = [row for row in _typed_rows(attempt.form) if row.text or row.files]
        return conflict_page(request, clash, step_id=_step_of(request, pk), typed=Typed(attempt.note, rows))
    except InvalidActError as refusal:
        attempt.error, attempt.wrong = refusal.message, refusal.field
        if attempt.ask is not None and refusal.field in attempt.ask.fields:
            attempt.ask.add_error(refusal.field, refusal.message)
    except FaultError as fault:
        attempt.error = _("The flow cannot go on from here: %(reason)s") % {"reason": fault.message}
    except BusyError:
        attempt.error, attempt.status = busy_words(), 409
    else:
        if attempt.form is not None:
            forget_answers(request, pk)
        messages.success(request, what_next(dossier))
        return redirect("inbox")
    return _again(request, pk, attempt)


def _keep(request: HttpRequest, pk: int, attempt: Attempt) -> HttpResponse:
    """Keep what was typed until the person comes back to it."""
    view = view_task(pk, reader_of(request)) if _FORM_KEY in request.POST else None
    asks = view is not None and view.can_act and view.form is not None
    if view is not None and asks and is_live(request):
        return live_answer(request, view)
    draft = save_draft(pk, by=reader_of(request), outcome="", note=attempt.note)
    if view is not None and asks:
        keep_answers(request, view)
    messages.success(
        request, _("Your draft is kept; only you see it.") if draft or asks else _("Your draft is deleted.")
    )
    return redirect("task", pk)


def _again(request: HttpRequest, pk: int, attempt: Attempt) -> HttpResponse:
    """Show the task again, with everything that was sent."""
    view = view_task(pk, reader_of(request))
    if view.can_act and attempt.enclosed is None:
        _read_forms(request, view, attempt)
    return _page(request, view, attempt)


def _encloses(request: HttpRequest) -> bool:
    """Whether files or answers to the step's own questions came along, new or kept from an earlier try."""
    return any(name.startswith((f"{ENCLOSED}-", f"{_ASK}-")) for name in (*request.FILES, *request.POST))


def _read_forms(request: HttpRequest, view: TaskView, attempt: Attempt) -> None:
    """Bind the step's questions and the enclosed files to what was sent."""
    if view.form:
        attempt.form = questions_of(request, view, request.POST, request.FILES)
    attempt.ask = _asked(request, view, request.POST, request.FILES)
    attempt.enclosed = enclosed_form(request, request.POST, request.FILES)


def _asked(request: HttpRequest, view: TaskView, data: Any, files: Any) -> AnswerForm | None:
    if view.ask is None:
        return None
    return build_form(view.ask, user=reader_of(request), data=data, files=files, prefix=_ASK)


def _step_of(request: HttpRequest, pk: int) -> str:
    return view_task(pk, reader_of(request)).spec.id


def _typed_rows(form: AnswerForm | None) -> list[Any]:
    return display(form.schema, form.answers()) if form is not None and form.is_valid() else []


def what_next(dossier: Dossier) -> str:
    """Say in one sentence what happens next with a dossier on which somebody has just acted."""
    state = Dossier.State
    number = {"number": dossier.number}
    if dossier.state == state.APPROVED:
        return _("Done: dossier %(number)s is approved; the submitter is being told.") % number
    if dossier.state == state.REJECTED:
        return _("Done: dossier %(number)s is rejected; the submitter is being told.") % number
    if dossier.state == state.RETURNED:
        return _(
            "Done: dossier %(number)s goes back to its submitter, who can complete it and send it again."
        ) % (number)
    definition = readable_definition(dossier)
    steps = [title_of(definition, step_id) for step_id in dict.fromkeys(dossier.open_steps)]
    if not steps:
        return _("Done: your decision on dossier %(number)s is recorded.") % number
    return _("Done: dossier %(number)s is now at: %(steps)s.") % (number | {"steps": ", ".join(steps)})


def _page(request: HttpRequest, view: TaskView, attempt: Attempt) -> HttpResponse:
    reader, dossier = reader_of(request), view.dossier
    definition = readable_definition(dossier)
    events = timeline(dossier, definition)
    news = news_for(dossier, definition, reader, events) if view.is_open else {}
    task = view.task
    role = task.owner_permission or ""
    others, more = others_who_may(role, reader) if view.is_open else ([], 0)
    light = lights()
    outcome = task.data.get("outcome", "")
    asks_all = attempt.form is not None and view.spec.kind == "rework"
    context: dict[str, Any] = {
        "view": view,
        "task": task,
        "dossier": dossier,
        "title": localized(view.spec.title),
        "help": localized(view.spec.help),
        "light": light(task.scheduled, task.finished),
        # A returned dossier asks all of its answers again: they stand in the form.
        "sections": [] if asks_all else answers_of(dossier, definition, news, reader=reader),
        "news": bool(news) and not asks_all,
        "talk": talk_of(dossier, reader),
        "files": files_of(dossier, definition),
        "cards": instructions_of(dossier, definition),
        "opinions": [event for event in events if event.is_opinion],
        "role": role_names([role]).get(role, "") if role else "",
        "others": others,
        "more_others": more,
        "why": why_words(task.data.get("why", "")),
        "fallback": "" if view.spec.fallback == view.spec.who else rule_words(view.spec.fallback),
        "mine": task.owner_id == reader.pk,
        "blocked": "" if view.can_act or not view.is_open else _blocked(view, reader),
        "buttons": buttons_of(view, reader, attempt.to),
        "ask": attempt.ask,
        "closed": closed_words(task.data.get("closed", "")),
        "kept": draft_of(task.pk, reader) if not view.is_open else None,
        "pause": pause_now(dossier) if view.is_open else None,
        "why_due": why_task_due(view, definition, pauses_of(dossier)) if view.is_open else None,
        "recall_minutes": minutes_to_recall(view, reader),
        "more_acts": _more_acts(view, reader),
        "needs_note": [outcome.label for outcome in view.outcomes if outcome.note_required],
        "result": outcome_label(definition, view.spec.id, outcome) if outcome else "",
        "result_tone": outcome_tone(definition, view.spec.id, outcome) if outcome else "secondary",
        "attempt": attempt,
        "form": attempt.form,
        "enclosed": attempt.enclosed["files"] if attempt.enclosed else None,
        "owner_token": owner_token(reader),
        "max_note": MAX_NOTE,
    }
    return render(request, "inbox/task.html", context, status=attempt.status)


def minutes_to_recall(view: TaskView, reader: User) -> int:
    """Return for how many minutes the reader may still take this decision back; 0 when they may not."""
    finished = view.task.finished
    if finished is None or not may_recall(view.task, reader):
        return 0
    left = finished + timedelta(minutes=view.spec.recall) - timezone.now()
    return max(1, ceil(left.total_seconds() / 60))


def _more_acts(view: TaskView, reader: User) -> list[Link]:
    """Return what else may be done from the task, rarely enough to stand in a menu."""
    task, dossier = view.task, view.dossier
    if not view.is_open:
        return []
    found = []
    if may_ask_supplement(view):
        found.append(Link("task_supplement", task.pk, "file-plus", _("Request a supplement…")))
    if may_forward(view):
        found.append(Link("task_forward", task.pk, "arrow-forward-up", _("Forward…")))
    if may_reassign(dossier, task, reader):
        found.append(Link("task_reassign", task.pk, "refresh", _("Give to somebody else…")))
    return found + clock_acts(dossier, reader)


def _blocked(view: TaskView, reader: User) -> str:
    """Say why the reader cannot act on an open task."""
    task, dossier = view.task, view.dossier
    if dossier.is_paused:
        return _("Nobody decides while the clock of the dossier stands still.")
    if task.owner_id is not None and task.owner_id != reader.pk:
        return _("%(person)s has this task. You can read along.") % {"person": task.owner}
    if task.owner_permission and task.owner_permission not in principals_of(reader):
        if task.owner_id == reader.pk:
            return _(
                "You no longer hold the role by which you took this task. Give it back, so that others can act."
            )
        return _("This task waits for others. You can read along.")
    if dossier.submitter_id == reader.pk:
        return _("This is your own dossier. Nobody decides on their own dossier; a colleague will.")
    return _("You cannot act on this task.")
