"""The explicit end of answers whose form is gone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from .models import StoredFile
from .results import may_purge, readable_set, reader_of
from .retention import purge_set
from .submissions import HOLDER
from .text import clean_text


@require_http_methods(["GET", "HEAD", "POST"])
def answers_purge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what would be deleted for good; do it when the title is typed. Only for answers of deleted forms."""
    answer_set, submissions = readable_set(request, pk)
    if answer_set.archived_at is None or not may_purge(request.user):
        raise Http404
    typed = clean_text(request.POST.get("title", ""))
    if request.method == "POST" and typed.casefold() == clean_text(answer_set.title).casefold():
        count, _files = purge_set(answer_set, by=reader_of(request))
        done = ngettext("%(count)s answer is deleted.", "%(count)s answers are deleted.", count)
        messages.success(request, done % {"count": count})
        return redirect("answer_sets")
    keys = submissions.order_by().values_list("pk", flat=True)
    count = keys.count()
    context = {
        "set": answer_set,
        "count": count,
        "files": _count_files(list(keys)),
        "problem": _("Please type the title exactly.") if request.method == "POST" else "",
    }
    status = 200 if request.method != "POST" else 422
    return render(request, "forms/answers_purge.html", context, status=status)


def _count_files(keys: list[int]) -> int:
    """Count files in steps that a database takes."""
    held = StoredFile.objects.filter(holder_kind=HOLDER)
    steps = range(0, len(keys), 500)
    return sum(held.filter(holder_id__in=map(str, keys[i : i + 500])).count() for i in steps)
