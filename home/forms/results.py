"""Reading answers: sets, one set, one answer, export. Whoever is not a reader finds nothing here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from .display import display
from .export import csv_lines, rows, xlsx_file
from .models import AnswerSet, Submission
from .table import columns_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

PAGE = 25
SHOWN = 4
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _set(request: HttpRequest, pk: int) -> tuple[AnswerSet, QuerySet[Submission]]:
    """Return a set that the person may read, with its answers, or raise Http404."""
    answer_set = get_object_or_404(AnswerSet.readable_by(request.user), pk=pk)
    return answer_set, Submission.objects.visible_to(request.user).filter(source=answer_set.source)


@require_safe
def answer_sets(request: HttpRequest) -> HttpResponse:
    """List the sets of answers that the person may read."""
    if not request.user.is_authenticated:
        raise Http404
    sets = AnswerSet.readable_by(request.user).order_by("title", "pk")
    page = Paginator(sets, PAGE).get_page(request.GET.get("page"))
    return render(request, "forms/answer_sets.html", {"page": page})


@require_safe
def answer_list(request: HttpRequest, pk: int) -> HttpResponse:
    """List the answers of one set, newest first, with the first questions beside."""
    answer_set, submissions = _set(request, pk)
    columns = columns_of(submissions)
    page = Paginator(submissions.select_related("by"), PAGE).get_page(request.GET.get("page"))
    shown = columns[:SHOWN]
    table = [(submission, [column.text(submission) for column in shown]) for submission in page]
    context = {
        "set": answer_set,
        "page": page,
        "columns": shown,
        "table": table,
        "more": len(columns) > SHOWN,
    }
    return render(request, "forms/answer_list.html", context)


@require_safe
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one answer, to its giver and to readers, with the questions as they were."""
    found = get_object_or_404(
        Submission.objects.visible_to(request.user).select_related("by", "schema"), pk=pk
    )
    answer_set = AnswerSet.readable_by(request.user).filter(source=found.source).first()
    context = {
        "submission": found,
        "set": answer_set,
        "rows": display(found.schema, found.answers, reader=request.user),  # type: ignore[arg-type]
    }
    return render(request, "forms/submission.html", context)


@require_safe
def export(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Send all answers of a set as CSV or XLSX."""
    answer_set, submissions = _set(request, pk)
    stem = slugify(answer_set.title.replace("đ", "d").replace("Đ", "D")) or "answers"
    name = f"{stem}-{timezone.localdate():%Y-%m-%d}.{kind}"
    if kind == "xlsx":
        return FileResponse(
            xlsx_file(rows(submissions)), as_attachment=True, filename=name, content_type=XLSX
        )
    response = StreamingHttpResponse(csv_lines(rows(submissions)), content_type=CSV)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
