"""Addresses of this room."""

from django.urls import path

from . import views, wish_views

app_name = "notifications"

urlpatterns = [
    path("notifications/", views.index, name="list"),
    path("notifications/latest/", views.latest, name="latest"),
    path("notifications/read/", views.read_all, name="read_all"),
    path("notifications/preferences/", wish_views.preferences, name="preferences"),
    path("notifications/unsubscribe/<str:token>/", wish_views.unsubscribe_page, name="unsubscribe"),
    path("notifications/<int:pk>/", views.open_one, name="open"),
    path("notifications/<int:pk>/read/", views.read_one, name="read"),
]
