"""The session ends while somebody registers a meeting: the same form comes back with its content."""

from __future__ import annotations

from home.forms.api import owner_token
from home.meetings.api import Meeting
from tests.factories.people import UserFactory


def test_a_meeting_form_survives_the_end_of_the_session(client, db):
    person = UserFactory()
    sent = {"title": "Giao ban tuần", "agenda": "Nội dung đã gõ", "_owner": owner_token(person)}
    response = client.post("/meetings/new/", sent)
    assert response.status_code == 302
    assert "/login/" in response["Location"]
    client.force_login(UserFactory())
    assert "Giao ban tuần" not in client.get("/meetings/new/").content.decode()
    client.force_login(person)
    page = client.get("/meetings/new/").content.decode()
    assert "Giao ban tuần" in page
    assert "Nội dung đã gõ" in page
    assert not Meeting.objects.exists()
