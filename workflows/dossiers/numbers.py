"""Register numbers: consecutive, per register and year, without gaps (Nghị định 30/2020/NĐ-CP, Điều 15)."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connections, router, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plugins.api.api import PreparedInsert

from .models import Register, RegisterEntry
from .rehearsals import current_rehearsal

#: What a number pattern may name.
PATTERN_FIELDS = ("number", "year", "code")


def check_pattern(pattern: str) -> str | None:
    """Return what is wrong with a number pattern such as `{number:02d}/{year}-TTr`, or None."""
    try:
        parts = [(name, spec) for _text, name, spec, _conv in string.Formatter().parse(pattern) if name]
    except ValueError as error:
        return str(error)
    unknown = sorted({name for name, _spec in parts} - set(PATTERN_FIELDS))
    if unknown:
        return _("unknown: %(names)s; known: %(known)s") % {
            "names": ", ".join(unknown),
            "known": ", ".join(PATTERN_FIELDS),
        }
    if "number" not in {name for name, _spec in parts}:
        return _("it lacks {number}")
    if any(not re.fullmatch(r"0?\d{1,2}d?", spec) for _name, spec in parts if spec):
        return _("only widths such as {number:02d} are allowed")
    try:
        pattern.format(number=1, year=2026, code="X")
    except (ValueError, IndexError, KeyError) as error:
        return str(error)
    return None


def take_number(*, register: str, pattern: str, holder: str, moment: datetime | None = None) -> RegisterEntry:
    """Give out the next number of `register` in the year of `moment` (office time zone).

    Runs inside the caller's transaction: the counter row stays locked until the commit, and a roll-back gives the
    number back. Raises RuntimeError outside a transaction.
    """
    using = router.db_for_write(Register)
    if not connections[using].in_atomic_block:
        raise RuntimeError("take_number() needs a transaction")
    moment = moment or timezone.now()
    year = timezone.localtime(moment).year
    kept_as = register_name(register)
    if kept_as != register:
        _copy(register, kept_as, year)
    number = _advance(using, kept_as, year)
    symbol = pattern.format(number=number, year=year, code=register)
    entry = RegisterEntry(
        register=kept_as, year=year, number=number, symbol=symbol, holder=holder, taken_at=moment
    )
    return _new_entry.one(entry)


_new_entry = PreparedInsert(RegisterEntry)


def hold_registers(wanted: Iterable[tuple[str, int]]) -> None:
    """Lock several registers (code, year) until the commit, in the one order that everybody keeps.

    Who takes numbers of more than one register in a transaction calls this first; otherwise two could wait for each
    other. Nothing to do where the database has one writer at a time.
    """
    using = router.db_for_write(Register)
    if not connections[using].features.has_select_for_update:
        return
    table = connections[using].ops.quote_name(Register._meta.db_table)
    sql = (
        f"INSERT INTO {table} (code, year, last) VALUES (%s, %s, 0) "  # noqa: S608
        f"ON CONFLICT (code, year) DO UPDATE SET last = {table}.last"
    )
    with connections[using].cursor() as cursor:
        for code, year in sorted(set(wanted)):
            cursor.execute(sql, [code, year])


def register_name(code: str) -> str:
    """Return the name under which the numbers of a register are kept: its code, or a rehearsal's copy of it."""
    rehearsal = current_rehearsal()
    return code if rehearsal is None else rehearsal.copy_of(code)


def _copy(register: str, kept_as: str, year: int) -> None:
    """Let a rehearsal's copy of a register begin where the real one stands, which is read and not locked."""
    if not Register.objects.filter(code=kept_as, year=year).exists():
        last = Register.objects.filter(code=register, year=year).values_list("last", flat=True).first()
        Register.objects.bulk_create([Register(code=kept_as, year=year, last=last or 0)])


def _advance(using: str, register: str, year: int) -> int:
    table = connections[using].ops.quote_name(Register._meta.db_table)
    sql = (
        f"INSERT INTO {table} (code, year, last) VALUES (%s, %s, 1) "  # noqa: S608
        f"ON CONFLICT (code, year) DO UPDATE SET last = {table}.last + 1 RETURNING last"
    )
    with connections[using].cursor() as cursor:
        cursor.execute(sql, [register, year])
        row = cursor.fetchone()
    return int(row[0])


def void_number(entry: RegisterEntry, *, reason: str) -> None:
    """Mark a number as not used. It stays in the register; a reason is mandatory."""
    reason = reason.strip()
    if not reason:
        raise ValidationError(_("State why the number is voided."))
    with transaction.atomic():
        updated = RegisterEntry.objects.filter(pk=entry.pk, voided_at__isnull=True).update(
            voided_at=timezone.now(), void_reason=reason[:300]
        )
    if not updated:
        raise ValidationError(_("This number is voided already."))
    entry.refresh_from_db()
