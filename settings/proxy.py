"""Whose request it is, when proxies stand in front of us."""

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """Return the address of the caller, for counting failed logins.

    With `PROXY_COUNT` proxies of our own in front, each adds the address that it saw to the end of
    X-Forwarded-For: the entry so many places from the end is true, whatever the caller wrote before it.
    """
    remote: str = request.META.get("REMOTE_ADDR", "")
    count: int = settings.PROXY_COUNT
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    return hops[-count] if 0 < count <= len(hops) else remote
