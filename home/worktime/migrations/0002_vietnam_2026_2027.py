"""The usual working week, and the days off of 2026 (announced) and 2027 (expected)."""

from datetime import date, time

from django.db import migrations

#: Rows of (date, name, announced).
HOLIDAYS = [
    (date(2026, 1, 1), "Tết Dương lịch", True),
    (date(2026, 2, 16), "Tết Nguyên đán (29 tháng Chạp)", True),
    (date(2026, 2, 17), "Tết Nguyên đán (mùng 1)", True),
    (date(2026, 2, 18), "Tết Nguyên đán (mùng 2)", True),
    (date(2026, 2, 19), "Tết Nguyên đán (mùng 3)", True),
    (date(2026, 2, 20), "Tết Nguyên đán (mùng 4)", True),
    (date(2026, 4, 27), "Nghỉ bù Giỗ Tổ Hùng Vương", True),
    (date(2026, 4, 30), "Ngày Chiến thắng", True),
    (date(2026, 5, 1), "Ngày Quốc tế lao động", True),
    (date(2026, 8, 31), "Nghỉ hoán đổi (làm bù ngày 22/8)", True),
    (date(2026, 9, 1), "Quốc khánh", True),
    (date(2026, 9, 2), "Quốc khánh", True),
    (date(2026, 11, 24), "Ngày Văn hóa Việt Nam", True),
    (date(2027, 1, 1), "Tết Dương lịch", False),
    (date(2027, 2, 4), "Tết Nguyên đán (28 tháng Chạp)", False),
    (date(2027, 2, 5), "Tết Nguyên đán (29 tháng Chạp)", False),
    (date(2027, 2, 6), "Tết Nguyên đán (mùng 1)", False),
    (date(2027, 2, 7), "Tết Nguyên đán (mùng 2)", False),
    (date(2027, 2, 8), "Tết Nguyên đán (mùng 3)", False),
    (date(2027, 2, 9), "Tết Nguyên đán (mùng 4)", False),
    (date(2027, 2, 10), "Tết Nguyên đán (mùng 5)", False),
    (date(2027, 4, 16), "Giỗ Tổ Hùng Vương", False),
    (date(2027, 4, 30), "Ngày Chiến thắng", False),
    (date(2027, 5, 3), "Nghỉ bù Ngày Quốc tế lao động", False),
    (date(2027, 9, 2), "Quốc khánh", False),
    (date(2027, 9, 3), "Quốc khánh", False),
    (date(2027, 11, 24), "Ngày Văn hóa Việt Nam", False),
]


def fill(apps, schema_editor):
    hours = apps.get_model("worktime", "WorkingHours")
    hours.objects.bulk_create(
        hours(
            weekday=weekday,
            morning_start=time(7, 30),
            morning_end=time(11, 30),
            afternoon_start=time(13),
            afternoon_end=time(17),
        )
        for weekday in range(5)
    )
    holiday = apps.get_model("worktime", "Holiday")
    holiday.objects.bulk_create(holiday(on=on, name=name, confirmed=known) for on, name, known in HOLIDAYS)
    make_up = apps.get_model("worktime", "MakeUpDay")
    make_up.objects.create(on=date(2026, 8, 22), name="Làm bù cho ngày 31/8", as_weekday=0)
    apps.get_model("worktime", "CalendarStamp").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("worktime", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
