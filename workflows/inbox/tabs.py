"""The tabs of the inbox: which tasks each shows, in which orders, and what may be done with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from home.people.api import User
from workflows.engine.api import LINE, Parts, claimable_parts, done_parts, own_parts

from .keyset import Order
from .task_filters import DONE_ORDERS, ORDERS


@dataclass(frozen=True)
class Tab:
    """One tab. `acts` are what may be done with several lines at once; the first order is the usual one."""

    code: str
    label: str | Promise
    parts: Callable[[User], Parts]
    orders: Mapping[str, tuple[str | Promise, Order]]
    acts: Sequence[str] = ()
    columns: Sequence[str] = LINE
    #: Filters that make no sense here.
    without: Sequence[str] = ()

    def order_of(self, wanted: str) -> Order:
        """Return a known order; an unknown one gives the usual one."""
        _words, order = self.orders.get(wanted) or next(iter(self.orders.values()))
        return order


MINE = Tab("mine", _("Mine"), own_parts, ORDERS, acts=("choose", "release"))
CLAIM = Tab("claim", _("To claim"), claimable_parts, ORDERS, acts=("claim", "choose"), without=("role",))
DONE = Tab(
    "done",
    _("Done"),
    done_parts,
    DONE_ORDERS,
    columns=(*LINE, "outcome", "finished"),
    without=("role", "light"),
)
TABS = {tab.code: tab for tab in (MINE, CLAIM, DONE)}


def tab_of(code: str) -> Tab:
    """Return a known tab; an unknown one gives one's own tasks."""
    return TABS.get(code, MINE)
