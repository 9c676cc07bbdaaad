"""The list of add-ons is for superusers."""

import pytest
from django.urls import reverse

from home.people.api import User

pytestmark = pytest.mark.django_db


def test_a_superuser_sees_every_plugin_with_its_version_and_state(client):
    client.force_login(User.objects.create_superuser("admin"))
    page = client.get(reverse("plugins_addons"))
    assert page.status_code == 200
    assert "plugins/leave/apps.py" in page.content.decode()
    assert "&gt;=1.0,&lt;2" in page.content.decode()


def test_others_do_not(client):
    client.force_login(User.objects.create_user("an"))
    assert client.get(reverse("plugins_addons")).status_code in (302, 403)
