"""The department tree keeps its paths right, whatever is moved."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from home.people.api import Department
from home.people.tree import path_ids
from tests.factories.people import DepartmentFactory

pytestmark = pytest.mark.django_db


def chain_of(department):
    ids = []
    while department is not None:
        ids.insert(0, department.pk)
        department = department.parent
    return ids


def assert_tree_is_right():
    for department in Department.objects.all():
        assert path_ids(department.path) == chain_of(department)


def test_path_holds_the_ids_from_the_root():
    root = DepartmentFactory()
    part = DepartmentFactory(parent=root)
    assert root.path == f"/{root.pk}/"
    assert part.path == f"/{root.pk}/{part.pk}/"
    assert (root.depth, part.depth) == (0, 1)


def test_moving_a_department_takes_everything_below_along():
    old, new = DepartmentFactory(), DepartmentFactory()
    moved = DepartmentFactory(parent=old)
    leaf = DepartmentFactory(parent=DepartmentFactory(parent=moved))
    moved.parent = new
    moved.save()
    leaf.refresh_from_db()
    assert leaf.path.startswith(f"/{new.pk}/{moved.pk}/")
    assert_tree_is_right()


def test_a_department_becomes_a_root_again():
    part = DepartmentFactory(parent=DepartmentFactory())
    below = DepartmentFactory(parent=part)
    part.parent = None
    part.save()
    below.refresh_from_db()
    assert (part.path, below.path) == (f"/{part.pk}/", f"/{part.pk}/{below.pk}/")


@pytest.mark.parametrize("by", ["clean", "save"])
def test_a_loop_is_refused_with_the_reason_on_the_parent(by):
    root = DepartmentFactory(name="Văn phòng")
    leaf = DepartmentFactory(parent=DepartmentFactory(parent=root))
    root.parent = leaf
    with pytest.raises(ValidationError) as refused:
        getattr(root, by)()
    assert "Văn phòng" in str(refused.value.message_dict["parent"])
    assert Department.objects.get(pk=root.pk).parent is None
    assert_tree_is_right()


def test_a_loop_is_refused_when_the_loaded_parent_is_out_of_date():
    one, two = DepartmentFactory(), DepartmentFactory()
    stale = Department.objects.get(pk=two.pk)
    two.parent = one
    two.save()
    one.parent = stale
    with pytest.raises(ValidationError):
        one.save()
    assert_tree_is_right()


def test_a_tree_that_is_too_deep_is_refused():
    parent = None
    with pytest.raises(ValidationError) as refused:
        for _level in range(200):
            parent = DepartmentFactory(parent=parent)
    assert "parent" in refused.value.message_dict
    assert_tree_is_right()


def test_closing_a_department_leaves_the_tree_alone(monkeypatch):
    department = DepartmentFactory()
    monkeypatch.setattr("home.people.tree.place", lambda department: pytest.fail("the tree was written"))
    department.is_active = False
    department.save(update_fields=["is_active"])
    assert not Department.objects.get().is_active


def test_departments_come_in_the_order_of_the_tree_and_siblings_by_order_then_name():
    second = DepartmentFactory(order=2, name="Hai")
    first = DepartmentFactory(order=1, name="Một")
    late = DepartmentFactory(parent=first, name="Đê")
    early = DepartmentFactory(parent=first, name="Dê")
    assert list(Department.objects.all()) == [first, early, late, second]
    early.name = "Ếch"
    early.save()
    second.order = 0
    second.save(update_fields=["order"])
    assert list(Department.objects.all()) == [second, first, late, early]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(0, 6), st.integers(-1, 6)), max_size=12))
def test_any_moves_keep_a_tree(django_db_blocker, moves):
    departments = [DepartmentFactory() for _ in range(7)]
    for child, parent in moves:
        moved = Department.objects.get(pk=departments[child].pk)
        target = Department.objects.get(pk=departments[parent].pk) if parent >= 0 else None
        loop = target is not None and moved.pk in chain_of(target)
        moved.parent = target
        if loop:
            with pytest.raises(ValidationError):
                moved.save()
        else:
            moved.save()
        assert_tree_is_right()
