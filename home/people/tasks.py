"""Work in the background."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_tasks import task

from home.office.api import office_name

from .models import User


@task()
def send_password_reset(user_id: int) -> None:
    """Mail a link to set a new password, in the person's language.

    The link is made here, so that the task table holds no secret; its host is the configured address of the
    site, not what the visitor's browser claimed.
    """
    person = User.objects.active().filter(pk=user_id).first()
    if person is None or not person.email:
        return
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    token = default_token_generator.make_token(person)
    path = reverse("password_reset_confirm", kwargs={"uidb64": uid, "token": token})
    context = {
        "person": person,
        "url": settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path,
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    with translation.override(person.language):
        context["office"] = office_name()
        subject = " ".join(render_to_string("registration/password_reset_mail_subject.txt", context).split())
        body = render_to_string("registration/password_reset_mail.txt", context)
        send_mail(subject, body, None, [person.email])
