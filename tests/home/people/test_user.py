"""People: names, derived columns, and that nobody is ever deleted."""

import unicodedata

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from home.people.api import DeletionRefusedError, Department, Position, User
from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def test_names_are_stored_composed_and_trimmed():
    user = UserFactory(last_name=unicodedata.normalize("NFD", " Đỗ  Thị "), first_name="Hằng\u200b\u202e")
    user.refresh_from_db()
    assert (user.last_name, user.first_name) == ("Đỗ Thị", "Hằng")
    assert str(user) == "Đỗ Thị Hằng"


def test_names_of_departments_and_positions_are_composed():
    decomposed = unicodedata.normalize("NFD", "Phòng Kế toán")
    assert Department.objects.create(code="KT", name=decomposed).name == "Phòng Kế toán"
    assert Position.objects.create(code="kt", name=decomposed).name == "Phòng Kế toán"


@pytest.mark.parametrize("query", ["duc", "Đức", "van duc", "DUC nguyen", "ducnv"])
def test_people_are_found_by_any_words_of_the_name_without_marks(query):
    wanted = UserFactory(last_name="Nguyễn Văn", first_name="Đức", username="ducnv")
    UserFactory(last_name="Trần", first_name="Dung")
    assert list(User.objects.named_like(query)) == [wanted]


def test_people_sort_by_given_name_in_vietnamese_order():
    for last, first in [
        ("Trần", "Ánh"),
        ("Lê", "Đức"),
        ("Lê", "Dũng"),
        ("Bùi", "Ân"),
        ("Vũ", "An"),
        ("An", "Ơn"),
    ]:
        UserFactory(last_name=last, first_name=first)
    assert [user.first_name for user in User.objects.all()] == ["An", "Ánh", "Ân", "Dũng", "Đức", "Ơn"]


def test_derived_columns_follow_partial_saves_and_bulk_inserts():
    user = UserFactory(first_name="An")
    user.first_name = "Đạt"
    user.save(update_fields=["first_name"])
    User.objects.bulk_create([User(username="Bulk", first_name="Đạt")])
    assert User.objects.named_like("dat").count() == 2
    assert User.objects.get(pk=user.pk).sort_name == user.sort_name != ""


def test_user_names_are_one_whatever_their_case():
    UserFactory(username="Lan.Anh")
    assert User.objects.get_by_natural_key("LAN.ANH").username == "lan.anh"
    with pytest.raises(ValidationError) as refused:
        User(username="LAN.anh", password=PASSWORD).full_clean()
    assert "username" in refused.value.message_dict


def test_a_person_cannot_be_deleted():
    user = UserFactory()
    for attempt in (user.delete, User.objects.filter(pk=user.pk).delete, User.objects.all().delete):
        with pytest.raises(DeletionRefusedError, match=r"Deactivate|[Vv]ô hiệu"):
            attempt()
    assert User.objects.filter(pk=user.pk).exists()


def test_deleting_a_group_leaves_its_people():
    group = Group.objects.create(name="Tạm")
    user = UserFactory()
    user.groups.add(group)
    group.delete()
    assert User.objects.filter(pk=user.pk).exists()
