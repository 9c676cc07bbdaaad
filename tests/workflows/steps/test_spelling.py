"""Numbers in Vietnamese words."""

from __future__ import annotations

import pytest

from workflows.steps.spelling import spelled, spelled_money


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi bốn"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm lẻ một"),
        (105, "một trăm lẻ năm"),
        (111, "một trăm mười một"),
        (1_000, "một nghìn"),
        (1_005, "một nghìn không trăm lẻ năm"),
        (1_015, "một nghìn không trăm mười lăm"),
        (20_300, "hai mươi nghìn ba trăm"),
        (1_000_005, "một triệu không trăm lẻ năm"),
        (1_002_000, "một triệu không trăm lẻ hai nghìn"),
        (12_500_000, "mười hai triệu năm trăm nghìn"),
        (3_000_000_000, "ba tỷ"),
        (1_000_000_001, "một tỷ không trăm lẻ một"),
        (
            999_999_999_999_999,
            "chín trăm chín mươi chín nghìn chín trăm chín mươi chín tỷ chín trăm chín mươi chín triệu "
            "chín trăm chín mươi chín nghìn chín trăm chín mươi chín",
        ),
        (-7, "âm bảy"),
        (2.5, "hai phẩy năm"),
        (2.0, "hai"),
        (0.05, "không phẩy không năm"),
    ],
)
def test_numbers(number, words):
    assert spelled(number) == words


def test_amounts_of_money():
    assert spelled_money(12_500_000) == "Mười hai triệu năm trăm nghìn đồng"
