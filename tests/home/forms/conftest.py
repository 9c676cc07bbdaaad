"""People who fill in forms."""

import pytest
from django.contrib.auth import get_user_model

from home.forms.api import SubmissionHandler, submission_handlers


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


@pytest.fixture
def counting():
    class Counting(SubmissionHandler):
        code = "counting"
        calls = []

        def handle(self, submission, context):
            self.calls.append(submission.pk)
            if context.get("fail"):
                raise RuntimeError("no")
            return f"/result/{submission.pk}/"

    submission_handlers.register(Counting)
    yield Counting
    submission_handlers.unregister("counting")
