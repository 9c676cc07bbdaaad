"""A database that does not answer in time is no server error."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.urls import include, path


def busy(request):
    raise OperationalError("canceling statement due to lock timeout")


def broken(request):
    raise ValueError("a real fault")


def fine(request):
    return HttpResponse("fine")


urlpatterns = [
    path("busy/", busy),
    path("broken/", broken),
    path("fine/", fine),
    path("", include("settings.urls")),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def test_a_busy_database_asks_to_try_again(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("an"))
    response = client.get("/busy/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "lock timeout" not in response.content.decode()
    assert client.get("/fine/").content == b"fine"


def test_a_real_fault_stays_one(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("an"))
    client.raise_request_exception = False
    assert client.get("/broken/").status_code == 500


def test_no_address_holds_a_nul(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("an"))
    assert client.get("/fine/%00/").status_code == 404
