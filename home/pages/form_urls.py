"""Addresses of form pages."""

from django.urls import path

from . import form_views

urlpatterns = [
    path("forms/pages/<int:pk>/", form_views.form_page, name="form_page"),
    path("forms/pages/<int:pk>/sent/", form_views.form_sent_anonymous, name="form_sent_anonymous"),
    path("forms/pages/<int:pk>/sent/<int:submission_pk>/", form_views.form_sent, name="form_sent"),
    path("forms/pages/<int:pk>/answers/<int:submission_pk>/", form_views.form_change, name="form_change"),
]
