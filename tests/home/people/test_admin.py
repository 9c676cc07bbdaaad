"""People, departments and positions in the Wagtail admin."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from home.people.api import Department, Membership, User, head_of
from tests.factories.people import (
    PASSWORD,
    DepartmentFactory,
    MembershipFactory,
    PositionFactory,
    UserFactory,
    make_member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    client.force_login(UserFactory(username="root", is_superuser=True))
    return client


@pytest.fixture
def editor(client):
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    return client


def user_data(user, **changes):
    data = {
        "username": user.username, "email": user.email, "first_name": user.first_name, "is_active": "on",
        "last_name": user.last_name, "phone": user.phone, "language": user.language, "password1": "", "password2": "",
    }  # fmt: skip
    return {**data, **changes}


def rows(*memberships, initial=0):
    data = {"memberships-TOTAL_FORMS": len(memberships), "memberships-INITIAL_FORMS": initial}
    for number, membership in enumerate(memberships):
        for name, value in membership.items():
            data[f"memberships-{number}-{name}"] = value
    return data


def row(membership, **changes):
    data = {"id": membership.pk, "position": membership.position_id, "role": membership.role}
    if membership.is_primary:
        data["is_primary"] = "on"
    return {**data, **changes}


def user_url(user):
    return reverse("wagtailusers_users:edit", args=[user.pk])


def department_url(department=None):
    name = Department.snippet_viewset.get_url_name("edit" if department else "add")
    return reverse(name, args=[department.pk] if department else [])


def department_data(department, **changes):
    return {"name": department.name, "code": department.code, "order": 0, "is_active": "on", **changes}


def errors_of(answer):
    return [
        error
        for form in answer.context["form"].memberships.errors
        for errors in form.values()
        for error in errors
    ]


def test_a_new_person_comes_with_telephone_language_and_places(admin):
    department, position = DepartmentFactory(), PositionFactory()
    assert admin.get(reverse("wagtailusers_users:add")).status_code == 200
    place = {"department": department.pk, "position": position.pk, "role": "head", "is_primary": "on"}
    data = user_data(
        UserFactory.build(username="Moi", phone="0901", language="en"), password1=PASSWORD, password2=PASSWORD
    )
    answer = admin.post(reverse("wagtailusers_users:add"), {**data, **rows(place)})
    assert answer.status_code == 302
    user = User.objects.get(username="moi")
    assert (user.phone, user.language, head_of(department)) == ("0901", "en", user)


def test_the_places_of_a_person_are_edited_with_the_person(admin):
    membership = MembershipFactory(is_primary=True)
    other = DepartmentFactory(parent=membership.department)
    page = admin.get(user_url(membership.user))
    assert page.status_code == 200
    assert f"\u2003{other.name}" in page.content.decode()
    new = {"department": other.pk, "position": membership.position_id, "role": "deputy"}
    old = row(membership, department=membership.department_id, until="2026-12-31")
    answer = admin.post(
        user_url(membership.user), {**user_data(membership.user), **rows(old, new, initial=1)}
    )
    assert answer.status_code == 302
    membership.refresh_from_db()
    assert membership.until == date(2026, 12, 31)
    assert membership.user.memberships.get(department=other).role == "deputy"


def test_a_form_sent_without_places_leaves_them_alone(admin):
    membership = MembershipFactory()
    assert admin.post(user_url(membership.user), user_data(membership.user, phone="1")).status_code == 302
    assert Membership.objects.filter(pk=membership.pk).exists()


def test_two_main_places_are_refused_and_what_was_typed_stays(admin):
    membership = MembershipFactory(is_primary=True)
    other = DepartmentFactory()
    new = {"department": other.pk, "position": membership.position_id, "role": "member", "is_primary": "on"}
    old = row(membership, department=membership.department_id)
    answer = admin.post(
        user_url(membership.user), {**user_data(membership.user, phone="0999"), **rows(old, new, initial=1)}
    )
    assert answer.status_code == 200 and errors_of(answer)
    assert "0999" in answer.content.decode()
    assert membership.user.memberships.count() == 1


def test_the_head_of_a_department_changes_in_one_step(admin):
    department = DepartmentFactory()
    old, new = make_member(department, "head"), make_member(department)
    first, second = (user.memberships.get() for user in (old, new))
    page = admin.get(department_url(department))
    assert page.status_code == 200
    forms = [row(second, user=new.pk, role="head"), row(first, user=old.pk, role="deputy")]
    answer = admin.post(
        department_url(department), {**department_data(department), **rows(*forms, initial=2)}
    )
    assert answer.status_code == 302, errors_of(answer)
    assert head_of(department) == new


def test_a_second_head_is_refused_on_the_department_page(admin):
    department = DepartmentFactory()
    old = make_member(department, "head", last_name="Trần", first_name="Bình")
    new = {"user": UserFactory().pk, "position": PositionFactory().pk, "role": "head"}
    forms = [row(old.memberships.get(), user=old.pk), new]
    answer = admin.post(
        department_url(department), {**department_data(department), **rows(*forms, initial=1)}
    )
    assert answer.status_code == 200
    assert any("Trần Bình" in error for error in errors_of(answer))
    assert department.memberships.count() == 1


def test_a_membership_is_removed_and_another_takes_its_place(admin):
    department = DepartmentFactory()
    old = make_member(department, "head")
    new = {"user": UserFactory().pk, "position": PositionFactory().pk, "role": "head"}
    forms = [row(old.memberships.get(), user=old.pk, DELETE="on"), new]
    answer = admin.post(
        department_url(department), {**department_data(department), **rows(*forms, initial=1)}
    )
    assert answer.status_code == 302, errors_of(answer)
    assert head_of(department).pk == new["user"]


def test_a_new_department_hangs_below_its_parent(admin):
    parent = DepartmentFactory()
    data = department_data(DepartmentFactory.build(code="MOI"), parent=parent.pk)
    assert admin.post(department_url(), {**data, **rows()}).status_code == 302
    assert Department.objects.get(code="MOI").path.startswith(parent.path)


def test_a_department_is_not_offered_itself_or_its_parts_as_parent(admin):
    root = DepartmentFactory()
    part = DepartmentFactory(parent=root)
    page = admin.get(department_url(root))
    assert part not in page.context["form"].fields["parent"].queryset
    answer = admin.post(department_url(root), {**department_data(root), "parent": part.pk, **rows()})
    assert answer.status_code == 200 and "parent" in answer.context["form"].errors
    root.refresh_from_db()
    assert root.parent is None


@pytest.mark.parametrize("code", ["", "a b", "a/b", "<x>", "x" * 21])
def test_a_bad_code_is_refused(admin, code):
    answer = admin.post(department_url(), {**department_data(DepartmentFactory.build(), code=code), **rows()})
    assert answer.status_code == 200 and "code" in answer.context["form"].errors
    assert not Department.objects.exists()


def test_the_list_shows_the_tree_by_indentation(admin):
    root = DepartmentFactory(order=2, name="Sau")
    DepartmentFactory(parent=root, name="Dưới")
    DepartmentFactory(order=1, name="Trước")
    html = admin.get(reverse(Department.snippet_viewset.get_url_name("list"))).content.decode()
    assert html.index("Trước") < html.index("Sau") < html.index("\u2003Dưới")


def test_nobody_is_deleted_in_the_admin(admin):
    user = UserFactory()
    url = reverse("wagtailusers_users:delete", args=[user.pk])
    for answer in (admin.get(url), admin.post(url)):
        assert answer.url == user_url(user)
    assert User.objects.filter(pk=user.pk).exists()
    assert url not in admin.get(user_url(user)).content.decode()
    assert url not in admin.get(reverse("wagtailusers_users:index")).content.decode()


def test_the_bulk_action_deactivates_instead_of_deleting(admin):
    users = [UserFactory(), UserFactory()]
    url = reverse("wagtail_bulk_action", args=["people", "user", "delete"])
    query = "?" + "&".join(f"id={user.pk}" for user in users)
    assert admin.get(url + query).status_code == 200
    assert User.objects.active().count() == 3
    assert admin.post(url + query).status_code == 302
    assert User.objects.active().count() == 1 and User.objects.count() == 3


def test_nobody_locks_oneself_out_by_a_bulk_action(admin):
    me = User.objects.get(username="root")
    admin.post(reverse("wagtail_bulk_action", args=["people", "user", "delete"]) + f"?id={me.pk}")
    me.refresh_from_db()
    assert me.is_active


@pytest.mark.parametrize(
    "make", [lambda: user_url(UserFactory()), lambda: department_url(DepartmentFactory())]
)
def test_who_may_not_edit_people_changes_nothing(editor, make):
    url = make()
    before = list(User.objects.values()), list(Department.objects.values())
    assert editor.get(url).status_code == 302
    assert editor.post(url, {"name": "x", "code": "x", "username": "x", **rows()}).status_code == 302
    after = list(User.objects.values()), list(Department.objects.values())
    assert before == after


def test_who_may_not_edit_people_deactivates_nobody(editor):
    user = UserFactory()
    editor.post(reverse("wagtail_bulk_action", args=["people", "user", "delete"]) + f"?id={user.pk}")
    user.refresh_from_db()
    assert user.is_active


def test_positions_are_edited(admin):
    from home.people.api import Position

    url = reverse(Position.snippet_viewset.get_url_name("add"))
    assert admin.post(url, {"name": "Chuyên viên", "code": "CV", "rank": 50}).status_code == 302
    assert admin.post(url, {"name": "Khác", "code": "CV", "rank": 50}).context["form"].errors
    assert Position.objects.get().name == "Chuyên viên"
