"""How a person gets through a form: step by step, with what they have begun kept, and sent once.

The view asks `fill_in` and does what it says: answer with `filling.response`, take the answers in when
`filling.is_sent`, or show the form. It works the same for a form page, a dossier's intake, and without scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.utils.translation import gettext as _

from .drafts import SEEN, data_of, discard_draft, draft_of, question_of, save_draft, typed_in
from .expiry import posted
from .form import AnswerForm, build_form
from .schema import FormSchema
from .submissions import find_submission
from .text import localized

if TYPE_CHECKING:
    from home.people.models import User

    from .draft_models import FormDraft

#: The posted names of a button, and of the step that the page showed.
GO, STEP = "_go", "_step"


@dataclass(frozen=True)
class Step:
    """One step as the progress shows it: `number` among those that are asked, `go` among all; both from 1."""

    number: int
    go: int
    title: str
    is_now: bool
    is_done: bool


@dataclass
class Filling:
    """One request to a form. `response`, if any, is the answer to it; `is_sent` says that the form is complete."""

    form: AnswerForm
    user: User
    source: str
    response: HttpResponse | None = None
    is_sent: bool = False
    saved_at: datetime | None = None
    lost: list[str] = field(default_factory=list)
    keeps: bool = True
    #: Whether the person comes back to what they had begun.
    is_resumed: bool = False
    #: Whether the person meant to send the form, complete or not.
    is_complete: bool = False

    @property
    def step(self) -> int:
        """Return the step that is shown, from 0."""
        return self.form.step or 0

    @property
    def open_steps(self) -> list[int]:
        """Return the steps of which something is asked, as the answers stand."""
        return open_steps(self.form)

    @property
    def steps(self) -> list[Step]:
        """Return the progress; empty for a form without steps."""
        found = self.open_steps
        if self.form.step is None:
            return []
        return [
            Step(place, number + 1, self._title(number, place), number == self.step, number < self.step)
            for place, number in enumerate(found, 1)
        ]

    @property
    def place(self) -> int:
        """Return the place of the shown step among those that are asked, from 1."""
        return next((step.number for step in self.steps if step.is_now), 1)

    @property
    def percent(self) -> int:
        """Return how far the person has come."""
        return round(100 * self.place / max(len(self.steps), 1))

    def _title(self, number: int, place: int) -> str:
        schema = self.form.schema
        title = localized(schema.sections[schema.steps[number][0]].title)
        return title or _("Step %(number)s") % {"number": place}

    @property
    def is_first(self) -> bool:
        """Tell whether there is no way back."""
        return not self.steps or self.step == self.open_steps[0]

    @property
    def is_last(self) -> bool:
        """Tell whether the form is sent from here."""
        return not self.steps or self.step == self.open_steps[-1]

    def discard(self) -> None:
        """Throw away what was kept, once the form has been taken in; no query where nothing was."""
        if self.saved_at is not None:
            discard_draft(self.user, self.source)

    def replace(self, schema: FormSchema) -> None:
        """Ask another schema with what was typed; uploads go along as the drafts that they have become."""
        data = QueryDict(mutable=True)
        for name, value in typed_in(self.form):
            data.appendlist(name, value)
        self.form = build_form(schema, user=self.user, data=data, source=self.source)
        self.form.step = 0 if len(schema.steps) > 1 else None
        show_first_mistake(self.form)

    def refuse(self, key: str, words: str) -> None:
        """Say that an answer cannot be taken in, on the step that asks it."""
        self.form.add_error(key, words)
        show_first_mistake(self.form)


def open_steps(form: AnswerForm) -> list[int]:
    """Return the steps of which something is asked, as the answers stand."""
    hidden = form.state.hidden
    return [
        number
        for number in range(len(form.schema.steps))
        if any(key not in hidden and form.kinds[key].layout != "hidden" for key in form.names_of_step(number))
    ] or [0]


def show_first_mistake(form: AnswerForm) -> None:
    """Show all mistakes, on the step of the first one."""
    form.judged = None
    if form.step is not None and (wrong := next(iter(k for k in form.fields if k in form.errors), None)):
        form.step = form.step_of(wrong)


def fill_in(
    request: HttpRequest,
    schema: FormSchema,
    *,
    user: User,
    source: str,
    initial: Mapping[str, Any] | None = None,
    keeps: bool = True,
) -> Filling:
    """Take one request to a form. `source` names the form, and the draft of it; without `keeps` nothing is kept."""
    return _Turn(request, schema, user, source, initial, keeps).take()


class _Turn:
    """What one request brings, on top of what was kept."""

    def __init__(
        self,
        request: HttpRequest,
        schema: FormSchema,
        user: User,
        source: str,
        initial: Mapping[str, Any] | None,
        keeps: bool,
    ) -> None:
        self.request, self.schema, self.user, self.source = request, schema, user, source
        self.initial, self.keeps = initial, keeps
        self.draft: FormDraft | None = draft_of(user, source) if keeps else None
        self.paged = keeps and len(schema.steps) > 1

    def take(self) -> Filling:
        """Do what was asked."""
        data, files = posted(self.request)
        is_post = self.request.method == "POST"
        go = str(data.get(GO, "send")) if data is not None else ""
        if is_post and go == "discard":
            return self._thrown_away()
        if data is None:
            return self._shown()
        filling = self._filling(self._merged(data), files)
        filling.form.step = self._posted_step(data) if self.paged else None
        if not is_post:  # what an expired session had posted
            step = filling.form.step
            filling.form.judged = None if step is None else filling.form.names_of_step(step)
            return filling
        if (sent := self._already(filling, data)) is not None:
            return sent
        if go == "look":
            filling.response = state_response(filling.form)
        elif go == "send" or not self._acts(filling, go):
            filling.is_complete = True
            filling.is_sent = filling.form.is_valid()
            if not filling.is_sent:
                show_first_mistake(filling.form)
                if self.draft is not None:
                    self._keep(filling)
        return filling

    def _filling(self, data: Any, files: Any = None) -> Filling:
        form = build_form(
            self.schema, user=self.user, data=data, files=files, initial=self.initial, source=self.source
        )
        if self.paged and data is not None and SEEN in data:
            form.unseen = frozenset(form.questions.keys() - set(data.getlist(SEEN)))
        found = Filling(form, self.user, self.source, keeps=self.keeps)
        if self.draft is not None:
            found.saved_at = self.draft.saved_at
        return found

    def _shown(self) -> Filling:
        """Show what was kept, or an empty form; `?step=2&check=1` leads to a step with its mistakes."""
        if self.draft is None:
            filling = self._filling(None)
            filling.form.step = 0 if self.paged else None
            return filling
        data, lost = data_of(self.draft, self.schema)
        filling = self._filling(data)
        filling.lost = lost
        filling.is_resumed = "step" not in self.request.GET
        form = filling.form
        form.judged = frozenset()
        if self.paged:
            form.step = self._wanted_step(form)
            if "check" in self.request.GET:
                form.judged = form.names_of_step(form.step)
        return filling

    def _wanted_step(self, form: AnswerForm) -> int:
        asked = self.request.GET.get("step", "")
        kept = self.draft.step if self.draft is not None else 0
        step = int(asked) - 1 if asked.isascii() and asked.isdigit() and len(asked) < 4 else kept
        return nearest(step, open_steps(form))

    def _posted_step(self, data: Any) -> int | None:
        """Return the step that was shown; None when the whole form was posted at once."""
        asked = str(data.get(STEP, ""))
        if asked.isascii() and asked.isdigit() and len(asked) < 4 and int(asked) < len(self.schema.steps):
            return int(asked)
        return None

    def _merged(self, data: Any) -> Any:
        """Return what was kept, with the questions of the posted step replaced by what was posted."""
        step = self._posted_step(data) if self.paged else None
        if step is None:
            return data
        sections = (self.schema.sections[number] for number in self.schema.steps[step])
        here = {question.key for section in sections for question in section.fields}
        merged = QueryDict(mutable=True)
        if self.draft is not None:
            for name, values in data_of(self.draft, self.schema)[0].lists():
                if question_of(name, "", self.schema.keys()) not in here and name not in data:
                    merged.setlist(name, values)
        for name, values in data.lists():
            merged.setlist(name, values)
        merged.setlist(SEEN, sorted({*merged.getlist(SEEN), *here} & set(self.schema.keys())))
        return merged

    def _already(self, filling: Filling, data: Any) -> Filling | None:
        """Lead to what was sent under this key before: the second press of a button has no draft any more."""
        if self.draft is not None or filling.form.step is None:
            return None
        known = find_submission(by=self.user, source=self.source, key=filling.form.key)
        if known is None or not known.result_url:
            return None
        filling.response = HttpResponseRedirect(known.result_url)
        return filling

    def _acts(self, filling: Filling, go: str) -> bool:
        """Save, or go on or back; False for a button that there is not."""
        form = filling.form
        acts: dict[str, Callable[[Filling], None]] = {
            "save": self._save,
            "next": self._next,
            "back": self._back,
        }
        if go in acts:
            acts[go](filling)
        elif go.startswith("step-") and go[5:].isdigit() and len(go) < 9 and form.step is not None:
            self._go(filling, nearest(int(go[5:]) - 1, open_steps(form)))
        else:
            return False
        return True

    def _keep(self, filling: Filling, step: int | None = None) -> None:
        """Keep what was typed, unless it was sent meanwhile: a script's save may arrive after the button."""
        key = filling.form.key
        if self.keeps and find_submission(by=self.user, source=self.source, key=key) is None:
            at = filling.step if step is None else step
            draft = save_draft(filling.form, person=self.user, source=self.source, step=at)
            filling.saved_at = draft.saved_at

    def _save(self, filling: Filling) -> None:
        filling.form.full_clean_once()
        self._keep(filling)
        if _wants_json(self.request):
            filling.response = state_response(filling.form, filling.saved_at)
            return
        self._say_refused_files(filling.form)
        messages.success(self.request, _("Your draft is kept; only you see it."))
        self._lead(filling, filling.step)

    def _say_refused_files(self, form: AnswerForm) -> None:
        for name in self.request.FILES:
            for text in form.errors.get(name, ()):
                messages.error(self.request, str(text))

    def _next(self, filling: Filling) -> None:
        form = filling.form
        if form.step is None:
            form.step = 0
        names = form.names_of_step(form.step)
        if not names.isdisjoint(form.errors):
            form.judged = names
            self._keep(filling)
            return
        later = [number for number in open_steps(form) if number > filling.step]
        self._go(filling, later[0] if later else filling.step)

    def _back(self, filling: Filling) -> None:
        before = [number for number in open_steps(filling.form) if number < filling.step]
        self._go(filling, before[-1] if before else filling.step)

    def _go(self, filling: Filling, step: int) -> None:
        self._keep(filling, step)
        self._lead(filling, step)

    def _lead(self, filling: Filling, step: int) -> None:
        at = f"?step={step + 1}" if self.paged else ""
        filling.response = HttpResponseRedirect(f"{self.request.path}{at}")

    def _thrown_away(self) -> Filling:
        discard_draft(self.user, self.source)
        self.draft = None
        messages.success(self.request, _("Your draft is deleted."))
        filling = self._filling(None)
        filling.response = HttpResponseRedirect(self.request.path)
        return filling


def nearest(step: int, steps: list[int]) -> int:
    """Return the step itself when it is asked, else the last one before it that is."""
    return max((number for number in steps if number <= step), default=steps[0])


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def state_response(form: AnswerForm, saved_at: datetime | None = None) -> JsonResponse:
    """Tell the browser how a form stands: what is hidden, required, not offered, and what was worked out."""
    from django.utils import formats, timezone

    state = form.state
    worked = {key: str(form[key].value()) for key, kind in form.kinds.items() if kind.layout == "output"}
    said = _("Draft kept at %(at)s.") if saved_at else ""
    at = formats.date_format(timezone.localtime(saved_at), "H:i") if saved_at else ""
    return JsonResponse(
        {
            "hidden": sorted(state.hidden),
            "required": sorted(state.required),
            "closed": sorted(state.closed),
            "without": {key: sorted(values) for key, values in state.without.items()},
            "worked": worked,
            "saved": said % {"at": at} if saved_at else "",
        }
    )
