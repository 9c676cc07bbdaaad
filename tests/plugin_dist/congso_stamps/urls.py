"""Addresses, mounted below the plugin's prefix."""

from django.urls import path

from . import views

app_name = "congso_stamps"
urlpatterns = [path("", views.stamps, name="list")]
