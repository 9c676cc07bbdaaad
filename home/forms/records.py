"""One answer: read, printed, deleted."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from .display import display
from .models import AnswerSet, Submission
from .reading import note_record
from .results import may_purge, reader_of
from .retention import delete_answer


def visible_submission(request: HttpRequest, pk: str) -> Submission:
    """Return one answer that the person may read. Raises Http404."""
    found: Submission = get_object_or_404(
        Submission.objects.visible_to(request.user).select_related("by", "schema"), pk=int(pk)
    )
    return found


def _set_of(request: HttpRequest, found: Submission) -> AnswerSet | None:
    """Return the set of an answer, when the person is one of its readers."""
    return AnswerSet.readable_by(request.user).filter(source=found.source).first()


@require_safe
def submission(request: HttpRequest, pk: str) -> HttpResponse:
    """Show one answer, to its giver and to readers, with the questions as they were; paper gets the same."""
    found = visible_submission(request, pk)
    answer_set = _set_of(request, found)
    note_record("read", found, by=reader_of(request))
    others = Submission.objects.visible_to(request.user).filter(source=found.source)
    context = {
        "submission": found,
        "set": answer_set,
        "rows": display(found.schema, found.answers, reader=reader_of(request)),
        "newer": others.filter(pk__gt=found.pk).order_by("pk").first() if answer_set else None,
        "older": others.filter(pk__lt=found.pk).order_by("-pk").first() if answer_set else None,
        "may_purge": answer_set is not None and may_purge(request.user),
    }
    return render(request, "forms/submission.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def submission_delete(request: HttpRequest, pk: str) -> HttpResponse:
    """Delete one answer with its files for good, for those readers who may; it is on record, what it said is not."""
    found = visible_submission(request, pk)
    answer_set = _set_of(request, found)
    if answer_set is None or not may_purge(request.user):
        raise Http404
    if request.method != "POST":
        return render(request, "forms/submission_delete.html", {"submission": found, "set": answer_set})
    delete_answer(found, by=reader_of(request))
    messages.success(request, _("The answer is deleted."))
    return redirect("answer_list", answer_set.pk)
