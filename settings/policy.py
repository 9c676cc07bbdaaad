"""What answers say to browsers and caches: a strict Content-Security-Policy, and that pages are one person's.

The policy is wider only where Wagtail's admin needs it.
"""

from collections.abc import Callable

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

#: Path of Wagtail's admin. `settings.urls` mounts it here.
ADMIN_PATH = "admin/"

STRICT = {
    "default-src": [SELF],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}

#: Wagtail's admin writes scripts and styles into its pages and shows pictures before they are uploaded.
ADMIN = {
    **STRICT,
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-ancestors": [SELF],  # its preview panel
}


class OfficePolicyMiddleware(CSPMiddleware):
    """Choose the policy by the path; a view's own decorator still has the last word."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return the parts of the policy for this answer."""
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None and request.path_info.startswith(f"/{ADMIN_PATH}"):
            parts.config = dict(ADMIN)
        return parts


class PrivatePagesMiddleware:
    """Keep every page out of shared caches: what one person may see is not for the next one.

    Browsers ask again before they show a page a second time. Answers that say something themselves (files, the
    admin) keep it; static files never come this far.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request and add the header."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
