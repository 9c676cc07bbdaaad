"""Addresses of this room."""

from django.urls import path

from . import views

urlpatterns = [
    path("my-page/arrange/", views.arrange, name="home_arrange"),
    path("my-page/arrange/reset/", views.start_over, name="home_reset"),
    path("my-page/links/", views.links, name="home_links"),
    path("my-page/panels/<str:code>/", views.act, name="home_panel"),
]
