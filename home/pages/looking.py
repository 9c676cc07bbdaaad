"""Looking things up in the index of the office: what is found, how many of each kind, and in which order.

Everything goes through the gates of the sources, inside of the query: nothing is counted, suggested or shown that the
reader may not see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import router
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length, RowNumber

from home.base.api import Hit, SearchSource, piece_of, query_words, reach_of, search_sources, sources_in_order
from home.base.findable import Findable, Holding
from home.people.api import Department, remembered
from plugins.api.api import PreparedFamily, example_keys

#: Rows of the index, with `level`.
Rows = QuerySet[Any, Any]
#: Fewer letters begin too many words.
SHORTEST_BEGINNING = 2
#: So many rows are put in order by ourselves.
FEW = 400


@dataclass(frozen=True)
class Wanted:
    """What is looked for, and how it is narrowed. `beginning`: beginnings of words in titles only."""

    text: str
    department: Department | None = None
    days: tuple[date, date] | None = None
    archived: bool = False
    beginning: bool = False
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.words:
            object.__setattr__(self, "words", query_words(self.text))

    @property
    def narrowed(self) -> bool:
        """Tell whether more is asked than words."""
        return bool(self.department or self.days or self.archived)


def seen_by(user: Any, *, archived: bool = False) -> RawSQL | Q:
    """Return the condition on what stands in the index that `user` may see: the gates of all sources.

    Its SQL takes longer to build than a search takes: it is remembered for the reader, who searches again with every
    letter, as long as nothing renews the stamp. Which rows fulfil it is asked of the database each time.
    """
    using = router.db_for_read(Findable)
    name = ("seen in the index", using, archived, len(search_sources), reach_of(user))
    sql, params = remembered(user, name, lambda: _sql_of(_gates(user, archived), using))
    return RawSQL(sql, params, BooleanField()) if sql else Q(pk__in=[])  # noqa: S611 - Django has written it


def _sql_of(gates: Q, using: str) -> tuple[str, tuple[Any, ...]]:
    """Return a condition on the index as SQL with its parameters; an empty text when nothing fulfils it."""
    query = Findable.objects.filter(gates).order_by().query
    compiler = query.get_compiler(using)
    try:
        sql, params = compiler.compile(query.where)
    except EmptyResultSet:
        return "", ()
    return sql, tuple(params)


def _gates(user: Any, archived: bool) -> Q:
    gates: dict[Callable[[Any], QuerySet[Any]], list[str]] = {}
    for source in search_sources:
        if source.indexed is None:
            continue
        gate = source.indexed.archived_for if archived else source.indexed.visible_to
        if gate is not None:
            gates.setdefault(gate, []).append(source.code)
    seen = Q(pk__in=[])
    for gate, kinds in gates.items():
        seen |= Q(Exists(gate(user).filter(pk=OuterRef("object_id"))), kind__in=kinds)
    return seen


def found_by(user: Any, wanted: Wanted) -> Rows:
    """Return what the reader finds, the best first (`level`), the newest first among equals."""
    rows = Findable.objects.filter(seen_by(user, archived=wanted.archived), _holds(wanted))
    if wanted.department is not None:
        rows = rows.filter(department__path__startswith=wanted.department.path)
    if wanted.days is not None:
        rows = rows.filter(day__range=wanted.days)
    return rows.annotate(level=_level(wanted)).order_by(*ORDER)


#: Names without a day stand among each other in the order of the alphabet.
ORDER = (F("level").asc(), F("day").desc(nulls_last=True), F("title").asc(), F("pk").desc())


def _holds(wanted: Wanted) -> Any:
    if not wanted.words:
        return Q(pk__in=[])
    return Holding(wanted.words, in_title=wanted.beginning, beginning=wanted.beginning)


def _level(wanted: Wanted) -> Case | Value:
    """Return how well a thing fits, 0 being best: title, beginning, phrase, words of the title, text."""
    if not wanted.words:
        return Value(4)
    phrase = f" {' '.join(wanted.words)}" + ("" if wanted.beginning else " ")
    return Case(
        When(title_words=f"{phrase.rstrip()} ", then=Value(0)),
        When(title_words__startswith=phrase, then=Value(1)),
        When(title_words__contains=phrase, then=Value(2)),
        When(Holding(wanted.words, in_title=True), then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )


@dataclass(frozen=True)
class Part:
    """What was found of one kind: the rows to show, best first, and how many there are."""

    total: int
    keys: list[int]
    level: int


def best_of_each(rows: Rows, each: int) -> dict[str, Part]:
    """Return the first rows of every kind, and how many there are. One query; two when much is found.

    Few rows are put in order here: the query that numbers the rows of each kind takes longer to write than to run.
    """
    few = list(rows.order_by().values_list("kind", "pk", "level", "day", "title")[: FEW + 1])
    if len(few) > FEW:
        return _numbered(rows, each)
    found: dict[str, Part] = {}
    kinds = Counter(kind for kind, *_rest in few)
    for kind, key, level, _day, _title in sorted(few, key=_place):
        part = found.setdefault(kind, Part(kinds[kind], [], level))
        if len(part.keys) < each:
            part.keys.append(key)
    return found


def _place(row: tuple[str, int, int, date | None, str]) -> tuple[int, int, str, int]:
    """Return the place of a row as `ORDER` has it."""
    _kind, key, level, day, title = row
    return level, -day.toordinal() if day is not None else 0, title, -key


def _numbered(rows: Rows, each: int) -> dict[str, Part]:
    """Have the database number the rows of every kind. One query."""
    numbered = rows.order_by().annotate(
        place=Window(RowNumber(), partition_by="kind", order_by=ORDER),
        of_kind=Window(Count("*"), partition_by="kind"),
    )
    found: dict[str, Part] = {}
    picked = numbered.filter(place__lte=each).order_by("place", "kind")
    for kind, key, level, total in picked.values_list("kind", "pk", "level", "of_kind"):
        found.setdefault(kind, Part(total, [], level)).keys.append(key)
    return found


def counts_of(rows: Rows) -> dict[str, int]:
    """Return how many things of each kind are found. One query."""
    counted = rows.order_by().values("kind").annotate(total=Count("*"))
    return dict(counted.values_list("kind", "total"))


def hits_of(user: Any, keys: Iterable[int], wanted: Wanted) -> dict[int, Hit]:
    """Return what is shown of these rows. One query, and one for each way of telling addresses."""
    wanted_keys = list(keys)
    held = _rows.of(len(wanted_keys)).all(*wanted_keys) if wanted_keys else []
    urls = _urls(user, held)
    return {row.pk: _hit(row, urls, wanted) for row in held}


def _build(_number: int, *keys: int) -> QuerySet[Findable]:
    rows = Findable.objects.filter(pk__in=keys).select_related("department").order_by()
    return rows.defer("words", "title_words")


_rows: PreparedFamily[Findable] = PreparedFamily(_build, example_keys)


def _hit(row: Findable, urls: dict[tuple[str, int], str], wanted: Wanted) -> Hit:
    source = search_sources.get(row.kind)
    about = [f"{row.day:%d/%m/%Y}"] if row.day else []
    if row.department is not None and row.department.name != row.title and row.kind != "people":
        about.append(row.department.name)
    return Hit(
        title=row.title,
        url=urls.get((row.kind, row.object_id), row.url),
        summary=piece_of(row.text, wanted.words),
        icon=source.icon,
        about=tuple(about),
        archived=wanted.archived,
    )


def _urls(user: Any, rows: Iterable[Findable]) -> dict[tuple[str, int], str]:
    """Return the addresses that sources tell themselves, each way of telling asked once."""
    asked: dict[Any, list[Findable]] = {}
    for row in rows:
        indexed = search_sources.get(row.kind).indexed
        if indexed is not None and indexed.urls is not None:
            asked.setdefault(indexed.urls, []).append(row)
    found = {}
    for tell, some in asked.items():
        told = tell(user, [row.object_id for row in some])
        found.update({(row.kind, row.object_id): told.get(row.object_id, "") for row in some})
    return found


def suggested(user: Any, text: str, limit: int) -> list[tuple[SearchSource, Hit]]:
    """Return what the list below the search box offers: things whose titles hold words that begin so.

    Two queries, and one for each source that suggests by itself.
    """
    words = query_words(text)
    if len("".join(words)) < SHORTEST_BEGINNING:
        return []
    rows = found_by(user, Wanted(text, beginning=True)).select_related("department")
    rows = rows.defer("words", "title_words", "text")
    # Of titles that fit alike the shorter one says less besides: "Đức" is a name first, and then part of a headline.
    held = list(rows.order_by(ORDER[0], Length("title_words"), *ORDER[1:])[:limit])
    urls = _urls(user, held)
    found = [
        (
            search_sources.get(row.kind),
            Hit(
                row.title,
                urls.get((row.kind, row.object_id), row.url),
                about=(row.department.name,) if row.department is not None else (),
            ),
        )
        for row in held
    ]
    for source in sources_in_order():
        if source.suggest is not None and len(found) < limit:
            found += [(source, hit) for hit in source.suggest(user, text, limit - len(found))]
    return found
