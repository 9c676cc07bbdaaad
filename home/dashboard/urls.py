"""Addresses of this room."""

from django.urls import path

from . import views

urlpatterns = [
    path("home/arrange/", views.arrange, name="home_arrange"),
    path("home/arrange/reset/", views.start_over, name="home_reset"),
    path("home/links/", views.links, name="home_links"),
    path("home/panels/<str:code>/", views.act, name="home_panel"),
]
