"""The pages of reports: the overview, the list behind a number, and both as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home.base.api import Bar, Series, bar_chart
from home.people.api import User
from workflows.dossiers.api import DossierType

from .gate import reader_of, without_trace
from .report_cells import CELLS, DOSSIER_CELLS, TASK_CELLS, Cell, counted
from .report_lines import TASK_COLUMNS, lines_of
from .report_scope import Asked, asked, scope_of
from .report_sheet import list_book, report_book
from .reports import Line, Report, report_of

PAGE = 50
#: How many lines one workbook holds.
MOST_LINES = 20_000


@dataclass(frozen=True)
class Shown:
    """One number of a table, with the list behind it."""

    number: int
    url: str
    label: str | Promise


@dataclass(frozen=True)
class Row:
    """One line of a table as the page shows it."""

    line: Line
    cells: list[Shown]


@dataclass(frozen=True)
class Table:
    """One table: its heading, its columns and its lines; `timed` says whether it tells how long things took."""

    code: str
    heading: str
    first: str
    columns: list[str | Promise]
    rows: list[Row]
    timed: bool = False
    rated: bool = True


@login_required
@require_safe
@without_trace
def report(request: HttpRequest) -> HttpResponse:
    """Show the numbers of what the reader answers for. Reads only."""
    found = _asked(request)
    numbers = report_of(found)
    context: dict[str, Any] = {
        "asked": found,
        "report": numbers,
        "total": _row(numbers.total, DOSSIER_CELLS),
        "tables": tables_of(numbers),
        "charts": _charts(numbers),
        "types": DossierType.objects.all(),
        "periods": _periods(found),
        "sheet_url": f"{reverse('report_sheet')}?{urlencode(found.query())}",
    }
    return render(request, "inbox/report.html", context)


@login_required
@require_safe
@without_trace
def report_list(request: HttpRequest) -> HttpResponse:
    """List exactly what one number of a report counts."""
    found, cell = _asked(request), _cell(request)
    page = Paginator(_ordered(cell, found), PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "asked": found,
        "cell": cell,
        "page": page,
        "lines": lines_of(cell, list(page.object_list), reader_of(request)),
        "about": _about(found),
        "back_url": f"{reverse('reports')}?{urlencode(found.query())}",
        "sheet_url": f"{reverse('report_list_sheet')}?{request.GET.urlencode()}",
    }
    return render(request, "inbox/report_list.html", context)


@login_required
@require_safe
@without_trace
def report_sheet(request: HttpRequest) -> FileResponse:
    """Send a report as a workbook, one sheet a table."""
    found = _asked(request)
    book = report_book(tables_of(report_of(found)))
    return _workbook(book, f"bao-cao-{found.since}-{found.until}.xlsx")


@login_required
@require_safe
@without_trace
def report_list_sheet(request: HttpRequest) -> FileResponse:
    """Send the list behind a number as a workbook, the newest `MOST_LINES` lines of it."""
    found, cell, reader = _asked(request), _cell(request), reader_of(request)
    rows = list(_ordered(cell, found)[:MOST_LINES])
    return _workbook(list_book(cell, lines_of(cell, rows, reader)), f"{cell.code}-{found.until}.xlsx")


def _asked(request: HttpRequest) -> Asked:
    scope = scope_of(reader_of(request))
    if scope is None:
        raise Http404
    return asked(scope, request.GET.dict())


def _cell(request: HttpRequest) -> Cell:
    cell = CELLS.get(request.GET.get("cell", ""))
    if cell is None:
        raise Http404
    return cell


def _ordered(cell: Cell, found: Asked) -> Any:
    rows = counted(cell, found)
    return rows.order_by("-pk").values(*TASK_COLUMNS) if cell.of_tasks else rows.order_by("-opened_at", "-pk")


def _workbook(content: Any, name: str) -> FileResponse:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(content, as_attachment=True, filename=name, content_type=kind)


# --- tables ------------------------------------------------------------------------------------------------------


def tables_of(numbers: Report) -> list[Table]:
    """Return the tables of a report, each number with the list behind it."""
    monthly = [CELLS[code] for code in ("received", "finished", "in_time", "overdue")]
    return [
        _table("departments", _("By department"), _("Department"), DOSSIER_CELLS, numbers.departments),
        _table("types", _("By type"), _("Type"), DOSSIER_CELLS, numbers.types),
        _table("months", _("By month"), _("Month"), monthly, numbers.months),
        _table("steps", _("By step"), _("Step"), TASK_CELLS, numbers.steps, timed=True),
        _table("people", _("By person"), _("Person"), TASK_CELLS, numbers.people, timed=True),
    ]


def _table(
    code: str, heading: str, first: str, cells: Sequence[Cell], lines: Sequence[Line], *, timed: bool = False
) -> Table:
    rows = [_row(line, cells) for line in lines]
    return Table(code, heading, first, [cell.label for cell in cells], rows, timed)


def _row(line: Line, cells: Sequence[Cell]) -> Row:
    return Row(line, [Shown(line.counts[cell.code], _list_url(line, cell), cell.label) for cell in cells])


def _list_url(line: Line, cell: Cell | str) -> str:
    code = cell if isinstance(cell, str) else cell.code
    return f"{reverse('report_list')}?{urlencode({**line.query, 'cell': code})}"


# --- charts ------------------------------------------------------------------------------------------------------


def _charts(numbers: Report) -> list[tuple[str, SafeString]]:
    """Return (heading, drawing) of the charts that have something to say."""
    slow = [line for line in numbers.steps if line.times]
    hours = [Bar(round(line.times.average, 1), _list_url(line, "done")) for line in slow if line.times]
    found = [
        (
            _("Finished and in progress, by department"),
            bar_chart(
                [line.name for line in numbers.departments],
                [_series(numbers.departments, code, tone) for code, tone in _STACK],
                stacked=True,
            ),
        ),
        (
            _("Received and finished, by month"),
            bar_chart(
                [line.name for line in numbers.months],
                [_series(numbers.months, code, tone) for code, tone in _MONTHLY],
            ),
        ),
        (
            _("Working hours of a step, on average"),
            bar_chart([_named(line) for line in slow], [Series(_("hours"), "is-blue", hours)]),
        ),
    ]
    return [(heading, drawing) for heading, drawing in found if drawing]


_STACK = (("in_time", "is-green"), ("overdue", "is-orange"), ("open", "is-blue"))
_MONTHLY = (("received", "is-blue"), ("finished", "is-green"))


def _named(line: Line) -> str:
    return f"{line.name} – {line.more}" if line.more else line.name


def _series(lines: Sequence[Line], code: str, tone: str) -> Series:
    return Series(
        str(CELLS[code].label), tone, [Bar(line.counts[code], _list_url(line, code)) for line in lines]
    )


# --- words -------------------------------------------------------------------------------------------------------


def _periods(found: Asked) -> list[tuple[str, str, bool]]:
    """Return the usual periods to choose from: words, address, and whether it is the one shown."""
    today = timezone.localdate()
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    quarter = today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1)
    last = (month - timedelta(days=1)).replace(day=1)
    spans = [
        (_("This month"), month, today),
        (_("Last month"), last, month - timedelta(days=1)),
        (_("This quarter"), quarter, today),
        (_("This year"), year, today),
    ]
    return [
        (
            words,
            "?" + urlencode(found.query(since=since, until=until)),
            (since, until) == (found.since, found.until),
        )
        for words, since, until in spans
    ]


def _about(found: Asked) -> list[str]:
    """Say what a list is narrowed to."""
    parts = [f"{found.since:%d/%m/%Y} – {found.until:%d/%m/%Y}"]
    if found.unit == 0:
        parts.append(_("No department"))
    elif found.unit is not None:
        parts += [row.name for row in found.scope.departments if row.pk == found.unit]
    elif found.department is not None:
        parts.append(_("%(department)s and below") % {"department": found.department.name})
    parts += [str(found.type)] if found.type else []
    if found.person is not None:
        parts += [str(person) for person in User.objects.filter(pk=found.person)]
    return parts
