"""The sheets that an import knows, their columns, and the words by which people call them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from home.people.text import fold


@dataclass(frozen=True)
class Column:
    """One column: its key, its header in a template, and what else people write above it (folded)."""

    key: str
    title: str
    names: tuple[str, ...]
    help: str | Promise
    required: bool = False


@dataclass(frozen=True)
class Sheet:
    """One kind of rows."""

    key: str
    title: str
    names: tuple[str, ...]
    columns: tuple[Column, ...]
    example: tuple[str, ...]

    def column(self, header: str) -> Column | None:
        """Return the column that a header means."""
        word = header_word(header)
        return next((c for c in self.columns if word in (c.key.replace("_", " "), *c.names)), None)

    def known(self) -> str:
        """Return the titles of all columns, for messages."""
        return ", ".join(column.title for column in self.columns)


DEPARTMENTS = Sheet(
    "departments",
    "Đơn vị",
    ("don vi", "phong ban", "departments", "department"),
    (
        Column(
            "code", "Mã đơn vị", ("ma don vi", "ma", "code", "department code"), _("short and unique"), True
        ),
        Column(
            "name", "Tên đơn vị", ("ten don vi", "ten", "name", "department", "department name"), "", True
        ),
        Column(
            "parent",
            "Trực thuộc",
            ("truc thuoc", "ma don vi cap tren", "don vi cap tren", "parent", "parent code", "part of"),
            _("code of the department above; empty: none"),
        ),
        Column("order", "Thứ tự", ("thu tu", "stt", "order"), _("a whole number")),
    ),
    ("VP", "Văn phòng", "UBND", "1"),
)

POSITIONS = Sheet(
    "positions",
    "Chức vụ",
    ("chuc vu", "chuc danh", "positions", "position"),
    (
        Column(
            "code", "Mã chức vụ", ("ma chuc vu", "ma", "code", "position code"), _("short and unique"), True
        ),
        Column("name", "Tên chức vụ", ("ten chuc vu", "ten", "name", "position", "position name"), "", True),
        Column("rank", "Bậc", ("bac", "cap bac", "rank"), _("a whole number; a lower one stands higher")),
    ),
    ("CVP", "Chánh Văn phòng", "10"),
)

PEOPLE = Sheet(
    "people",
    "Nhân sự",
    ("nhan su", "can bo", "nguoi dung", "people", "users", "staff"),
    (
        Column(
            "username",
            "Tên đăng nhập",
            ("ten dang nhap", "tai khoan", "username", "user name", "login"),
            _("a person with several places has several rows"),
            True,
        ),
        Column(
            "last_name", "Họ và tên đệm", ("ho va ten dem", "ho va dem", "ho", "last name", "family name"), ""
        ),
        Column("first_name", "Tên", ("ten", "first name", "given name"), ""),
        Column("email", "Thư điện tử", ("thu dien tu", "email", "e mail", "mail"), ""),
        Column("phone", "Điện thoại", ("dien thoai", "so dien thoai", "phone", "telephone"), ""),
        Column("language", "Ngôn ngữ", ("ngon ngu", "language"), _("vi or en")),
        Column(
            "department",
            "Mã đơn vị",
            ("ma don vi", "don vi", "phong ban", "department", "department code"),
            _("code of the department"),
        ),
        Column(
            "position", "Chức vụ", ("chuc vu", "ma chuc vu", "position", "position code"), _("code or name")
        ),
        Column("role", "Vai trò", ("vai tro", "role"), _("trưởng, phó or thành viên")),
        Column(
            "is_primary",
            "Nơi chính",
            ("noi chinh", "don vi chinh", "main place", "primary"),
            _("có or không"),
        ),
    ),
    (
        "an.nv",
        "Nguyễn Văn",
        "An",
        "an.nv@example.gov.vn",
        "0901234567",
        "vi",
        "VP",
        "Chánh Văn phòng",
        "trưởng",
        "có",
    ),
)

SHEETS = (DEPARTMENTS, POSITIONS, PEOPLE)
#: Sheets that are passed over without a word.
IGNORED = ("huong dan", "ghi chu", "guide", "notes", "readme")

ROLES = {
    "member": ("member", "thanh vien", "chuyen vien", "nhan vien"),
    "deputy": ("deputy", "deputy head", "pho", "cap pho", "pho phong", "pho truong phong"),
    "head": ("head", "truong", "cap truong", "truong phong", "thu truong"),
}
YES = ("1", "x", "co", "yes", "y", "true", "dung")
NO = ("0", "khong", "no", "n", "false", "sai")


def header_word(header: str) -> str:
    """Return a header as it is compared: folded, punctuation and a trailing star left out."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(header)).split())
