"""Addresses of this room. They come before Wagtail's, because they replace its login and password pages."""

from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from .account_views import (
    AdminLoginRedirect,
    LoginView,
    LogoutView,
    PasswordChangeView,
    PasswordResetView,
    ProfileView,
    photo_of_mine,
    set_language,
)
from .department_views import department_page, organisation_chart
from .directory import DirectoryView
from .group_views import group_list, group_page
from .person_views import person_page, person_photo

reset_done = login_not_required(auth_views.PasswordResetDoneView.as_view())
reset_confirm = login_not_required(auth_views.PasswordResetConfirmView.as_view())
reset_complete = login_not_required(auth_views.PasswordResetCompleteView.as_view())

urlpatterns = [
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("admin/login/", AdminLoginRedirect.as_view()),
    path("i18n/setlang/", set_language, name="set_language"),
    path("me/", ProfileView.as_view(), name="profile"),
    path("me/photo/", photo_of_mine, name="profile_photo"),
    path("me/password/", PasswordChangeView.as_view(), name="password_change"),
    path("password-reset/", PasswordResetView.as_view(), name="password_reset"),
    path("password-reset/sent/", reset_done, name="password_reset_done"),
    path("password-reset/<uidb64>/<token>/", reset_confirm, name="password_reset_confirm"),
    path("password-reset/done/", reset_complete, name="password_reset_complete"),
    path("people/", DirectoryView.as_view(), name="people_directory"),
    path("people/chart/", organisation_chart, name="organisation_chart"),
    path("people/<int:pk>/", person_page, name="person"),
    path("people/<int:pk>/photo/<str:name>.jpg", person_photo, name="person_photo"),
    path("working-groups/", group_list, name="working_groups"),
    path("working-groups/<slug:code>/", group_page, name="working_group"),
    path("departments/<path:code>/", department_page, name="department"),
]
