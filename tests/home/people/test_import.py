"""The import: every bad row is named, good files are stored all or nothing, and hostile files do no harm."""

import io
import unicodedata
import zipfile
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from home.people.api import Department, Membership, Position, User, head_of
from home.people.importing import FileRefusedError, reading, run, template
from tests.factories.people import DepartmentFactory, MembershipFactory, PositionFactory, UserFactory

pytestmark = pytest.mark.django_db

OFFICE = {
    "Đơn vị": [
        ["Mã đơn vị", "Tên đơn vị", "Trực thuộc", "Thứ tự"],
        ["TH", "Phòng Tổng hợp", "VP", 2],
        ["VP", "Văn phòng", None, "1"],
    ],
    "Chức vụ": [["Mã chức vụ", "Tên chức vụ", "Bậc"], ["TP", "Trưởng phòng", 20], ["CV", "Chuyên viên", 50]],
    "Nhân sự": [
        [
            "Tên đăng nhập",
            "Họ và tên đệm",
            "Tên",
            "Thư điện tử",
            "Mã đơn vị",
            "Chức vụ",
            "Vai trò",
            "Nơi chính",
        ],
        ["Duc.NV", "Nguyễn Văn", "Đức", "Duc@office.example", "TH", "trưởng phòng", "Trưởng", "có"],
        ["duc.nv", None, None, None, "VP", "CV", None, None],
        ["lan", "Lê", "Lan", None, "th", "cv", "thành viên", None],
    ],
}


def book(sheets):
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        page = workbook.create_sheet(title)
        for row in rows:
            page.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    stream.seek(0)
    return stream


def csv(text, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


def everything():
    models = (Department, Position, User, Membership)
    return {model: list(model.objects.order_by("pk").values()) for model in models}


def places(result):
    return [(problem.sheet, problem.row, problem.column) for problem in result.problems]


def test_a_dry_run_tells_what_would_happen_and_stores_nothing():
    result = run(book(OFFICE))
    assert result.problems == []
    assert not result.applied
    assert {kind: counts["created"] for kind, counts in result.counts.items()} == {
        "departments": 2, "positions": 2, "people": 2, "memberships": 3,
    }  # fmt: skip
    assert not Department.objects.exists() and not User.objects.exists()


def test_a_good_file_becomes_the_office():
    assert run(book(OFFICE), apply=True).applied
    part = Department.objects.get(code="TH")
    duc = User.objects.get(username="duc.nv")
    assert part.parent.code == "VP" and part.path.startswith(part.parent.path)
    assert head_of(part) == duc
    assert (str(duc), duc.email, duc.has_usable_password()) == ("Nguyễn Văn Đức", "duc@office.example", False)
    assert [(m.department.code, m.is_primary) for m in duc.memberships.all()] == [("TH", True), ("VP", False)]
    assert User.objects.get(username="lan").memberships.get().is_primary


def test_importing_the_same_file_again_changes_nothing():
    run(book(OFFICE), apply=True)
    before = everything()
    result = run(book(OFFICE), apply=True)
    assert result.applied
    assert all(set(counts) == {"unchanged"} for counts in result.counts.values())
    assert everything() == before


def test_a_changed_file_updates_and_empty_cells_leave_what_is_there():
    run(book(OFFICE), apply=True)
    people = [
        ["username", "first name", "email", "phone"],
        ["DUC.NV", None, None, "0901"],
        ["lan", "Lan Anh", None, None],
    ]
    result = run(book({"People": people}), apply=True)
    assert result.counts["people"] == {"updated": 2}
    duc = User.objects.get(username="duc.nv")
    assert (duc.phone, duc.email, duc.first_name) == ("0901", "duc@office.example", "Đức")
    assert User.objects.named_like("lan anh").exists()


def test_one_bad_row_stores_nothing_and_all_bad_rows_are_named():
    sheets = {
        "Đơn vị": [["Mã đơn vị", "Tên đơn vị", "Trực thuộc", "Thứ tự"], ["A B", "Sai mã", "", ""], ["C", "", "", ""],
                   ["D", "D", "ZZ", ""], ["E", "E", "", "năm"], ["D", "Lặp", "", ""]],
        "Nhân sự": [["Tên đăng nhập", "Tên", "Họ và tên đệm", "Thư điện tử", "Mã đơn vị", "Chức vụ", "Vai trò",
                     "Nơi chính"],
                    ["ok", "Được", "Lê", "", "", "", "", ""],
                    ["bad name", "X", "Y", "", "", "", "", ""],
                    ["mail", "X", "Y", "no address", "", "", "", ""],
                    ["place", "X", "Y", "", "ZZ", "??", "vua", "maybe"],
                    ["noname", "", "", "", "", "", "", ""],
                    ["", "X", "Y", "", "", "", "", ""]],
    }  # fmt: skip
    result = run(book(sheets), apply=True)
    assert not result.applied
    assert set(places(result)) == {
        ("Đơn vị", 2, "Mã đơn vị"), ("Đơn vị", 3, "Tên đơn vị"), ("Đơn vị", 4, "Trực thuộc"),
        ("Đơn vị", 5, "Thứ tự"), ("Đơn vị", 6, "Mã đơn vị"),
        ("Nhân sự", 3, "Tên đăng nhập"), ("Nhân sự", 4, "Thư điện tử"), ("Nhân sự", 5, "Mã đơn vị"),
        ("Nhân sự", 5, "Chức vụ"), ("Nhân sự", 5, "Vai trò"), ("Nhân sự", 5, "Nơi chính"),
        ("Nhân sự", 6, "Tên"), ("Nhân sự", 6, "Họ và tên đệm"), ("Nhân sự", 7, "Tên đăng nhập"),
    }  # fmt: skip
    assert all(problem.message for problem in result.problems)
    assert not User.objects.exists() and not Department.objects.exists()


def test_a_loop_in_the_file_is_named():
    rows = [["code", "name", "parent"], ["A", "A", "B"], ["B", "B", "A"]]
    result = run(book({"Departments": rows}), apply=True)
    assert [place[2] for place in places(result)] == ["Trực thuộc"]
    assert not Department.objects.exists()


def test_a_second_head_is_named_but_a_change_of_heads_goes_through():
    old = MembershipFactory(role="head", department__code="TH", position__code="CV")
    new = UserFactory(username="new")
    header = ["username", "department", "position", "role"]
    refused = run(book({"People": [header, ["new", "TH", "CV", "head"]]}), apply=True)
    assert places(refused) == [("People", 2, "Vai trò")]
    assert str(old.user) in refused.problems[0].message
    both = [header, ["new", "TH", "CV", "head"], [old.user.username, "TH", "CV", "member"]]
    assert run(book({"People": both}), apply=True).applied
    assert head_of(old.department) == new


def test_rows_that_contradict_each_other_about_a_person_are_named():
    rows = [["username", "last name", "first name"], ["a", "Lê", "An"], ["A", "Lê", "Ân"]]
    assert places(run(book({"People": rows}))) == [("People", 3, "Tên")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_the_encodings_and_forms_of_offices(encoding, form, delimiter):
    text = unicodedata.normalize(form, "Tên đăng nhập,Họ và tên đệm,Tên\r\nduc,Nguyễn Thế,Đức\r\n").replace(
        ",", delimiter
    )
    assert run(csv(text, encoding), apply=True).problems == []
    assert str(User.objects.get()) == "Nguyễn Thế Đức"


def test_csv_of_old_windows_is_read():
    text = "username,last name,first name\nduc,Nguyễn Thế,Đức\n"
    letters = {"ễ": "ê\u0303", "ế": "ê\u0301", "ứ": "ư\u0301"}
    old = "".join(letters.get(char, char) for char in text)
    assert run(csv(old, "cp1258"), apply=True).problems == []
    assert str(User.objects.get()) == "Nguyễn Thế Đức"


def test_headers_are_known_in_both_languages_without_marks_case_or_stars():
    text = "TEN DANG NHAP *,last_name,Given Name,  E-mail \nduc,Lê,Đức,a@b.example\n"
    assert run(csv(text)).counts["people"] == {"created": 1}


@pytest.mark.parametrize(
    ("header", "row", "column"),
    [
        ("username,first name,salary", 1, "salary"),
        ("username,user name,first name", 1, "Tên đăng nhập"),
        ("username,first name,", 2, ""),
    ],
)
def test_a_header_that_is_wrong_is_named_with_the_known_columns(header, row, column):
    result = run(csv(f"{header}\na,b,c\n"))
    assert ("CSV", row, column) in places(result)


def test_a_missing_column_and_an_unknown_sheet_are_named():
    result = run(
        book({"People": [["first name"], ["An"]], "Lương": [["x", "y"], [1, 2]], "Ghi chú": [["tự do"]]})
    )
    assert places(result) == [("Lương", 1, ""), ("People", 1, "Tên đăng nhập")]
    assert "Tên đăng nhập" in result.problems[1].expected


def test_formulas_are_neither_computed_nor_stored():
    rows = [
        ["username", "first name", "last name"],
        ["a", "=1+1", "B"],
        ["b", '=HYPERLINK("http://evil.example")', "B"],
    ]
    assert places(run(book({"People": rows}), apply=True)) == [("People", 2, "Tên"), ("People", 3, "Tên")]
    assert places(run(csv("username,first name,last name\na,=cmd|' /C calc'!A0,B\n"))) == [("CSV", 2, "Tên")]


def test_a_bad_department_is_named_once_and_not_again_for_its_people():
    sheets = {
        "Departments": [["code", "name", "parent"], ["TH", "=1", ""], ["PX", "Phòng X", "TH"]],
        "People": [["username", "department", "position"], ["a", "TH", "CV"], ["a", "PX", "CV"]],
    }
    UserFactory(username="a")
    PositionFactory(code="CV")
    assert places(run(book(sheets))) == [("Departments", 2, "Tên đơn vị")]


def test_numbers_dates_and_truth_values_are_taken_as_text():
    rows = [["username", "first name", "last name", "phone"], [123, True, date(2026, 1, 2), 901234567.0]]
    assert run(book({"People": rows}), apply=True).problems == []
    user = User.objects.get()
    assert (user.username, user.first_name, user.phone) == ("123", "1", "901234567")


def test_hostile_text_is_only_text():
    hostile = "<script>alert(1)</script>{{ settings.SECRET_KEY }}'; DROP TABLE people_user; --"
    run(book({"People": [["username", "first name", "last name"], ["a", hostile, "B"]]}), apply=True)
    assert User.objects.get().first_name == hostile


def bomb():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\x00" * (reading.MAX_UNPACKED + 1))
    return stream.getvalue()


def entities():
    good = book({"People": [["username"], ["a"]]}).getvalue()
    evil = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]><x>&z;</x>' % b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(25)
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(stream, "w") as target:
        for part in source.namelist():
            target.writestr(part, evil if part == "xl/workbook.xml" else source.read(part))
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n",
        b"PK\x03\x04 broken",
        b"PK",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old excel",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 10,
        b"x" * (reading.MAX_BYTES + 1),
        b"username\n" + b'"' + b"y" * 200_000,
        b"username\n" + b"a\n" * (reading.MAX_ROWS + 2),
        b"username\n" + b"\n" * (reading.MAX_ROWS * 4 + 2),
        bomb(),
        entities(),
    ],
    ids=[
        "empty",
        "blank",
        "broken zip",
        "PK",
        "xls",
        "png",
        "big",
        "field",
        "rows",
        "blank rows",
        "bomb",
        "entities",
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(content):
    with pytest.raises(FileRefusedError) as refused:
        run(io.BytesIO(content), apply=True)
    assert str(refused.value)
    assert not User.objects.exists()


def test_random_bytes_never_fail_otherwise():
    from random import Random

    random = Random(5)
    for size in (1, 7, 300, 5000):
        for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"username,first name\n"):
            try:
                run(io.BytesIO(start + random.randbytes(size)), apply=True)
            except FileRefusedError:
                continue


def test_the_template_is_a_file_that_the_import_reads():
    assert run(io.BytesIO(template())).problems == []
    filled = load_workbook(io.BytesIO(template()))
    filled["Đơn vị"].append(["VP", "Văn phòng", None, "1"])
    filled["Chức vụ"].append(["CVP", "Chánh Văn phòng", "10"])
    example = [row[4].value for row in filled["Hướng dẫn"].iter_rows(min_row=9)]
    filled["Nhân sự"].append(example)
    stream = io.BytesIO()
    filled.save(stream)
    stream.seek(0)
    result = run(stream, apply=True)
    assert result.problems == [] and User.objects.get().username == "an.nv"


def test_the_command_checks_first_and_stores_on_demand(tmp_path, capsys):
    file = tmp_path / "office.xlsx"
    file.write_bytes(book(OFFICE).getvalue())
    call_command("import_people", str(file))
    assert not User.objects.exists()
    call_command("import_people", str(file), "--apply")
    assert "people: 2 created" in capsys.readouterr().out
    assert User.objects.count() == 2


def test_the_command_names_bad_rows_and_fails(tmp_path, capsys):
    file = tmp_path / "people.csv"
    file.write_text("username,first name,last name\nbad name,A,B\n", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_people", str(file), "--apply")
    assert "CSV 2, Tên đăng nhập" in capsys.readouterr().err
    with pytest.raises(CommandError):
        call_command("import_people", str(tmp_path / "missing.csv"))


def test_rows_that_change_nothing_cost_no_queries(django_assert_max_num_queries):
    department, position = DepartmentFactory(code="TH"), PositionFactory(code="CV")
    rows = [["username", "first name", "last name", "department", "position"]]
    for n in range(30):
        user = UserFactory(username=f"u{n}", first_name="An", last_name="Lê")
        MembershipFactory(user=user, department=department, position=position, is_primary=True)
        rows.append([f"u{n}", "An", "Lê", "TH", "CV"])
    with django_assert_max_num_queries(8):
        assert run(book({"People": rows})).counts["people"] == {"unchanged": 30}
