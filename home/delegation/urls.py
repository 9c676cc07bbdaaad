"""Addresses of this room."""

from django.urls import path

from . import views

app_name = "delegation"

urlpatterns = [
    path("me/away/", views.away, name="away"),
    path("me/away/<int:pk>/revoke/", views.away_revoke, name="away_revoke"),
]
