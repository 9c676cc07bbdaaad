"""Reading answers: sets, one set as table and charts, export. Whoever is not a reader finds nothing here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from .charting import summaries
from .export import csv_lines, json_parts, rows, xlsx_file, zip_parts
from .filters import Asked, asked_for
from .models import AnswerSet, ColumnChoice, Submission
from .reading import note_reading
from .table import Column, columns_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from home.people.models import User

PAGE = 25
#: So many questions stand side by side until the reader chooses.
SHOWN = 4
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "zip": "application/zip"}


def readable_set(request: HttpRequest, pk: int) -> tuple[AnswerSet, QuerySet[Submission]]:
    """Return a set that the person may read, with its answers, or raise Http404."""
    answer_set = get_object_or_404(AnswerSet.readable_by(request.user), pk=pk)
    return answer_set, Submission.objects.visible_to(request.user).filter(source=answer_set.source)


@require_safe
def answer_sets(request: HttpRequest) -> HttpResponse:
    """List the sets of answers that the person may read: of forms there are, or of deleted ones."""
    if not request.user.is_authenticated:
        raise Http404
    archived = "archived" in request.GET
    readable = AnswerSet.readable_by(request.user)
    sets = readable.filter(archived_at__isnull=not archived).order_by("title", "pk")
    page = Paginator(sets, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "archived": archived,
        "any_archived": archived or readable.filter(archived_at__isnull=False).exists(),
    }
    return render(request, "forms/answer_sets.html", context)


@require_safe
def answer_list(request: HttpRequest, pk: int) -> HttpResponse:
    """List the answers of one set, newest first, with the questions that the reader has chosen beside."""
    answer_set, submissions = readable_set(request, pk)
    columns = columns_of(submissions)
    asked = asked_for(request.GET, columns)
    found = asked.narrow(submissions).select_related("by")
    if answer_set.anonymous:
        found = found.order_by("-at", "-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    chosen = _chosen(request, answer_set, columns)
    shown = [column for column in columns if column.key in chosen]
    table = [(submission, [(c.label, c.text(submission)) for c in shown]) for submission in page]
    if table:
        note_reading("listed", answer_set, by=reader_of(request), page=page.number, filters=asked.names())
    context = _common(request, answer_set, asked) | {
        "page": page,
        "columns": columns,
        "shown": shown,
        "chosen": chosen,
        "table": table,
        "any_answer": bool(columns),
        # a form that became anonymous has earlier answers with names
        "givers": not answer_set.anonymous or any(submission.by_id for submission, _cells in table),
        "may_purge": may_purge(request.user),
    }
    return render(request, "forms/answer_list.html", context)


def _common(request: HttpRequest, answer_set: AnswerSet, asked: Asked) -> dict[str, Any]:
    query = request.GET.copy()
    query.pop("page", None)
    return {"set": answer_set, "asked": asked, "query": f"?{query.urlencode()}" if query else ""}


def reader_of(request: HttpRequest) -> User:
    """Return who asks; the gate lets nobody else as far as this."""
    if not request.user.is_authenticated:
        raise Http404
    return request.user


def may_purge(user: Any) -> bool:
    """Tell whether a reader may also delete answers for good."""
    return bool(user.has_perm("forms.delete_submission"))


def _chosen(request: HttpRequest, answer_set: AnswerSet, columns: list[Column]) -> set[str]:
    """Return the keys of the questions that the reader wants side by side."""
    kept = ColumnChoice.objects.filter(user=reader_of(request), answer_set=answer_set).first()
    known = {column.key for column in columns}
    chosen = known & set(kept.keys) if kept else set()
    return chosen or {column.key for column in columns[:SHOWN]}


@require_http_methods(["POST"])
def choose_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep which questions the reader wants side by side, for this set and this reader alone."""
    answer_set, submissions = readable_set(request, pk)
    known = {column.key for column in columns_of(submissions)}
    keys = sorted(known & set(request.POST.getlist("column")))
    ColumnChoice.objects.update_or_create(
        user=reader_of(request), answer_set=answer_set, defaults={"keys": keys}
    )
    query = request.GET.urlencode()
    return redirect(reverse("answer_list", args=[pk]) + (f"?{query}" if query else ""))


@require_safe
def answer_charts(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the answers say together, question by question, narrowed down as the list is."""
    answer_set, submissions = readable_set(request, pk)
    columns = columns_of(submissions)
    asked = asked_for(request.GET, columns)
    total, found = summaries(columns, asked.narrow(submissions))
    if total:
        note_reading("charted", answer_set, by=reader_of(request), filters=asked.names())
    context = _common(request, answer_set, asked) | {"total": total, "summaries": found}
    return render(request, "forms/answer_charts.html", context)


@require_safe
def export(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Send the answers of a set as CSV, XLSX, JSON or ZIP, narrowed down as the list is."""
    answer_set, submissions = readable_set(request, pk)
    asked = asked_for(request.GET, columns_of(submissions))
    found = asked.narrow(submissions)
    note_reading("exported", answer_set, by=reader_of(request), kind=kind, filters=asked.names())
    stem = slugify(answer_set.title.replace("đ", "d").replace("Đ", "D")) or "answers"
    name = f"{stem}-{timezone.localdate():%Y-%m-%d}.{kind}"
    if kind == "xlsx":
        return FileResponse(xlsx_file(rows(found)), as_attachment=True, filename=name, content_type=XLSX)
    parts: Any
    if kind == "csv":
        parts = csv_lines(rows(found))
    elif kind == "json":
        parts = json_parts(found, title=answer_set.title)
    else:
        parts = zip_parts(found, title=answer_set.title)
    response = StreamingHttpResponse(parts, content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
