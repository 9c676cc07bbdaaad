"""Addresses of this room that are no pages."""

from django.urls import path

from .search import search

urlpatterns = [path("search/", search, name="search")]
