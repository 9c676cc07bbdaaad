"""The tabs of the inbox: what each lists, in which orders, by what it is narrowed, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from home.people.api import User
from workflows.engine.api import LINE, claimable_parts, done_parts, own_parts

from .followed import FOLLOW_ORDERS, FollowFilter, follow_parts
from .keyset import Order
from .list_filters import ListFilter, Rows
from .task_filters import DONE_ORDERS, ORDERS, TaskFilter


@dataclass(frozen=True)
class Tab:
    """One tab. `acts` are what may be done with several lines at once; the first order is the usual one."""

    code: str
    label: str | Promise
    parts: Callable[[User], Sequence[Rows]]
    orders: Mapping[str, tuple[str | Promise, Order]]
    acts: Sequence[str] = ()
    columns: Sequence[str] = LINE
    filter: type[ListFilter] = TaskFilter
    #: Filters that make no sense here.
    without: Sequence[str] = ()

    def order_of(self, wanted: str) -> Order:
        """Return a known order; an unknown one gives the usual one."""
        _words, order = self.orders.get(wanted) or next(iter(self.orders.values()))
        return order


MINE = Tab("mine", _("Mine"), own_parts, ORDERS, acts=("choose", "release"))
CLAIM = Tab("claim", _("To claim"), claimable_parts, ORDERS, acts=("claim", "choose"), without=("role",))
FOLLOW = Tab("follow", _("I follow"), follow_parts, FOLLOW_ORDERS, columns=("pk",), filter=FollowFilter)
DONE = Tab(
    "done",
    _("Done"),
    done_parts,
    DONE_ORDERS,
    columns=(*LINE, "outcome", "finished"),
    without=("role", "light"),
)
TABS = {tab.code: tab for tab in (MINE, CLAIM, FOLLOW, DONE)}


def tab_of(code: str) -> Tab:
    """Return a known tab; an unknown one gives one's own tasks."""
    return TABS.get(code, MINE)
