"""The front door of this room: import from here, never from the modules behind it."""

from .acts import delegate, give_authority, revoke, revoke_authority
from .gates import authorities_visible_to, delegations_visible_to, may_revoke

__all__ = [
    "authorities_visible_to",
    "delegate",
    "delegations_visible_to",
    "give_authority",
    "may_revoke",
    "revoke",
    "revoke_authority",
]
