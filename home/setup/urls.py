"""Addresses of this room."""

from django.urls import path

from .views import logo, start, step, workbook

urlpatterns = [
    path("setup/", start, name="setup"),
    path("setup/logo.png", logo, name="setup_logo"),
    path("setup/nhan-su.xlsx", workbook, name="setup_workbook"),
    path("setup/<slug:code>/", step, name="setup_step"),
]
