"""The same small flow, hand-coded on viewflow's own nodes and views: what the product is compared with."""

from __future__ import annotations

from typing import Any

from viewflow import jsonstore, this
from viewflow.workflow import flow, lock
from viewflow.workflow.flow import views
from viewflow.workflow.models import Process

#: A right that the measured people are given, so that stock permissions let them claim.
RIGHT = "viewflow.change_task"


class StockProcess(Process):
    """What the form asks, kept in viewflow's own JSON column."""

    subject: Any = jsonstore.CharField(max_length=300)
    amount: Any = jsonstore.IntegerField(default=0)
    reason: Any = jsonstore.TextField(blank=True)
    decision: Any = jsonstore.CharField(max_length=20, blank=True)
    note: Any = jsonstore.TextField(blank=True)

    class Meta:
        proxy = True


class StockCase(flow.Flow):
    """A form, an opinion out of a pool, the end."""

    process_class = StockProcess

    start = flow.Start(views.CreateProcessView.as_view(fields=["subject", "amount", "reason"])).Next(this.op)
    op = (
        flow.View(views.UpdateProcessView.as_view(fields=["decision", "note"]))
        .Permission(RIGHT)
        .Next(this.end)
    )
    end = flow.End()


class StockTwo(flow.Flow):
    """Two decisions, one after the other; started by code."""

    process_class = StockProcess

    start = flow.StartHandle(lambda activation: activation.process).Next(this.first)
    first = flow.View(views.UpdateProcessView.as_view(fields=["decision"])).Next(this.gate)
    gate = (
        flow.If(lambda activation: activation.process.decision == "approve").Then(this.second).Else(this.end)
    )
    second = flow.View(views.UpdateProcessView.as_view(fields=["decision"])).Next(this.end)
    end = flow.End()


class StockJoin(flow.Flow):
    """Three opinions at once, of which two go on; then a decision."""

    process_class = StockProcess
    lock_impl = lock.select_for_update_lock

    start = flow.StartHandle(lambda activation: activation.process).Next(this.split)
    split = flow.Split().Next(this.one).Next(this.two).Next(this.three)
    one = flow.View(views.UpdateProcessView.as_view(fields=["decision"])).Next(this.join)
    two = flow.View(views.UpdateProcessView.as_view(fields=["decision"])).Next(this.join)
    three = flow.View(views.UpdateProcessView.as_view(fields=["decision"])).Next(this.join)
    join = flow.Join(continue_on_condition=lambda activation, active: active.count() <= 1).Next(this.sign)
    sign = flow.View(views.UpdateProcessView.as_view(fields=["decision"])).Next(this.end)
    end = flow.End()
