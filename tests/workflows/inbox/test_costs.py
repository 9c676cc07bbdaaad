"""What pages and decisions cost in queries: the same for one task and for sixty."""

from __future__ import annotations

from tests.factories.flows import approve, definition, open_for, task_of
from workflows.engine.api import claim

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def test_probe(office, version, as_user, counted):
    dossier = open_for(office, version)
    client = as_user(office.tc1)
    url = f"/tasks/{task_of(dossier, 'op_tc').pk}/"
    client.get("/inbox/")
    _r, q = counted(lambda: client.get("/inbox/"))
    print(_r.status_code, len(q)); [print("  ", s[:230]) for s in q]
    _r, q = counted(lambda: client.get(url))
    print("task", _r.status_code, len(q)); [print("  ", s[:130]) for s in q]
    _r, q = counted(lambda: client.get(f"/dossiers/{dossier.pk}/"))
    print("dossier", _r.status_code, len(q)); [print("  ", s[:130]) for s in q]
    _r, q = counted(lambda: client.get("/dossiers/?tab=all"))
    print("dossiers", _r.status_code, len(q)); [print("  ", s[:130]) for s in q]
    for u in ("/dossiers/new/", "/dossiers/new/trinh-ky/", "/", "/search/?q=may"):
        _r, q = counted(lambda: client.get(u))
        print(u, _r.status_code, len(q))
    v = office.publish(definition(approve("a", {"head_of": "submitter"}), approve("b", {"position": "chair", "department": "LD"}), code="plain"))
    d = open_for(office, v)
    d2 = open_for(office, v)
    head = as_user(office.head_dt)
    url = f"/tasks/{task_of(d2, 'a').pk}/"
    head.post(f"/tasks/{task_of(d, 'a').pk}/", {"outcome": "approve"})
    _r, q = counted(lambda: head.post(url, {"outcome": "approve"}))
    print("POST", _r.status_code, len(q)); [print("  ", s[:330]) for s in q]
    assert 0
