"""People who fill in forms."""

import pytest
from django.contrib.auth import get_user_model


@pytest.fixture
def make_user(db):
    def make(username="lan", **values):
        values = {"first_name": "Lan", "last_name": "Nguyễn Thị", **values}
        return get_user_model().objects.create_user(username, password="mật khẩu", **values)

    return make


@pytest.fixture
def lan(make_user):
    return make_user("lan")


@pytest.fixture
def minh(make_user):
    return make_user("minh", first_name="Minh", last_name="Trần Văn")
