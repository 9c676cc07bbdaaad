"""Ways out of the house besides the bell: e-mail is built in, apps add others in their `channels.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from smtplib import SMTPServerDisconnected
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from home.office.api import office_name
from plugins.api.api import Registry

from .addresses import absolute

if TYPE_CHECKING:
    from home.people.models import User

#: Seconds after which a silent mail server counts as down.
MAIL_TIMEOUT = 20


class ChannelDownError(Exception):
    """The channel as a whole cannot be reached: the other messages need not be tried now."""


@dataclass(frozen=True)
class Message:
    """One message to one person, in their language (active while it is sent). `link` is absolute.

    `key` is the same at each attempt, so that a receiving system can drop a repetition. `unsubscribe` is an absolute
    address that ends this kind of message by one click; empty for what cannot be switched off. `template` (with
    `.txt` and `.html`) and its `context` are for mail.
    """

    to: User
    subject: str
    body: str
    link: str
    key: str
    unsubscribe: str = ""
    template: str = "notifications/mail"
    context: Mapping[str, Any] = field(default_factory=dict)


class Channel:
    """A way out. Subclass it, and register an instance with `channels.register`."""

    code = ""
    label: str | Promise = ""
    on_by_default = True

    def reaches(self, user: User) -> bool:
        """Return whether this person has an address here."""
        raise NotImplementedError

    @contextmanager
    def session(self) -> Iterator[Any]:
        """Open what several messages share; raise `ChannelDownError` when nobody answers."""
        yield None

    def send(self, session: Any, message: Message) -> None:
        """Send one message; any exception means a later attempt, `ChannelDownError` one for all that wait."""
        raise NotImplementedError


channels: Registry[Channel] = Registry(Channel, module="channels", noun="channel")


class Mail(Channel):
    """E-mail as plain text with an HTML alternative."""

    code = "mail"
    label = _("E-mail")

    def reaches(self, user: User) -> bool:
        """Return whether an address is known."""
        return bool(user.email)

    @contextmanager
    def session(self) -> Iterator[Any]:
        """Open one connection to the mail server for all messages."""
        connection = get_connection(timeout=settings.EMAIL_TIMEOUT or MAIL_TIMEOUT)
        try:
            connection.open()
        except OSError as error:
            raise ChannelDownError(str(error)) from error
        try:
            yield connection
        finally:
            connection.close()

    def send(self, session: Any, message: Message) -> None:
        """Send one mail whose Message-ID is the same at each attempt."""
        context = {
            **message.context,
            "message": message,
            "office": office_name(),
            "wishes": absolute(reverse("notifications:preferences")),
        }
        mail = EmailMultiAlternatives(
            message.subject,
            render_to_string(f"{message.template}.txt", context),
            to=[message.to.email],
            connection=session,
            headers=_headers(message),
        )
        mail.attach_alternative(render_to_string(f"{message.template}.html", context), "text/html")
        try:
            mail.send()
        except (SMTPServerDisconnected, ConnectionError, TimeoutError) as error:
            raise ChannelDownError(str(error)) from error


channels.register(Mail())


def _headers(message: Message) -> dict[str, str]:
    """Return what mail programs read: the same identity at each attempt, and the way to unsubscribe (RFC 8058)."""
    headers = {"Message-ID": _message_id(message.key), "Auto-Submitted": "auto-generated"}
    if message.unsubscribe:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _message_id(key: str) -> str:
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    return f"<{key}@{host}>"
