"""Numbers in Vietnamese words (bằng chữ), as papers with amounts of money write them."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
_BILLION = 1_000_000_000


def spelled_money(amount: int) -> str:
    """Return an amount of whole VND: 12500000 is “Mười hai triệu năm trăm nghìn đồng”."""
    words = f"{spelled(amount)} đồng"
    return words[0].upper() + words[1:]


def spelled(number: int | float | Decimal) -> str:
    """Return a number in words: 21 is “hai mươi mốt”, 105 “một trăm lẻ năm”, 2.5 “hai phẩy năm”."""
    text = format(Decimal(str(number)), "f")
    sign = "âm " if text.startswith("-") else ""
    whole, _point, places = text.lstrip("-").partition(".")
    places = places.rstrip("0")
    tail = f" phẩy {' '.join(_DIGITS[int(digit)] for digit in places)}" if places else ""
    return f"{sign}{_whole(int(whole))}{tail}"


def _whole(number: int) -> str:
    if number >= _BILLION:
        rest = number % _BILLION
        return f"{_whole(number // _BILLION)} tỷ" + (f" {_below_billion(rest, True)}" if rest else "")
    return _below_billion(number, False) or _DIGITS[0]


def _below_billion(number: int, follows: bool) -> str:
    """Return what comes below a thousand million; after something larger, hundreds of nothing are said."""
    found = []
    for size, name in ((1_000_000, "triệu"), (1_000, "nghìn"), (1, "")):
        group = number // size % 1_000
        if group:
            found.append(f"{_group(group, follows)} {name}".strip())
        follows = follows or bool(group)
    return " ".join(found)


def _group(group: int, follows: bool) -> str:
    """Return three digits."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    words = [_DIGITS[hundreds], "trăm"] if hundreds or follows else []
    if tens == 0 and ones and words:
        words.append("lẻ")
    elif tens == 1:
        words.append("mười")
    elif tens > 1:
        words += [_DIGITS[tens], "mươi"]
    if ones:
        words.append("mốt" if ones == 1 and tens > 1 else "lăm" if ones == 5 and tens else _DIGITS[ones])
    return " ".join(words)
