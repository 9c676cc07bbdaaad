"""Another system is told, signed, without ever keeping the dossier: against a real server on this machine."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from settings.webhooks import read_webhooks
from tests.factories.flows import act, approve, definition, make_office, open_for
from workflows.definitions.api import Definition, check
from workflows.dossiers.api import Errand
from workflows.engine.api import errands_of, run_errands

SECRET = "a secret of the tests"


class Server(ThreadingHTTPServer):
    """Keeps what it was sent; `behave` writes the answer."""

    daemon_threads = True

    def __init__(self):
        self.calls = []
        self.behave = lambda handler: answer(handler, 200, b'{"ok": true}')
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook?office=1"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((self.path, dict(self.headers), body))
        self.server.behave(self)

    def do_GET(self):
        self.server.calls.append((self.path, dict(self.headers), b""))
        answer(self, 200, b"")

    def log_message(self, *args):
        pass


def answer(handler, status, body, **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def server():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def office(db, settings, server):
    settings.WEBHOOKS = {"erp": {"url": server.url, "secret": SECRET, "timeout": 1}}
    return make_office()


HOOK = {"id": "tell_erp", "kind": "webhook", "title": "Báo ERP", "target": "erp", "answers": ["amount"]}
SIGN = approve("sign", {"position": "chair", "department": "LD"})


@pytest.fixture
def dossier(office):
    return open_for(office, office.publish(definition(HOOK, SIGN)))


def verified(headers, body):
    """Check a signature as docs/how-to/webhooks.md tells the receiver."""
    parts = dict(part.split("=", 1) for part in headers["Congso-Signature"].split(","))
    signed = parts["t"].encode() + b"." + body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts["v1"]) and abs(time.time() - int(parts["t"])) < 300


def test_the_flow_goes_on_and_the_target_is_told(dossier, server, office):
    assert dossier.open_steps == ["sign"]
    assert server.calls == []
    assert run_errands() == 1
    [(path, headers, body)] = server.calls
    assert path == "/hook?office=1"
    assert verified(headers, body)
    assert not verified(headers, body + b" ")
    told = json.loads(body)
    row = Errand.objects.get()
    assert told["event"] == headers["Congso-Event"] == str(row.key)
    assert told["answers"] == {"amount": 10_000_000}
    assert told["dossier"] == {
        "number": dossier.number,
        "type": "trinh-ky",
        "subject": "Tờ trình mua máy",
        "state": "running",
    }
    assert row.result == {"status": 200, "answer": '{"ok": true}'}
    act(dossier, "sign", office.chair)


def test_down_for_an_hour_and_then_told_once_under_the_same_id(dossier, server):
    server.behave = lambda handler: answer(handler, 503, b"down")
    begin = timezone.now()
    for minute in range(60):
        with time_machine.travel(begin + timedelta(minutes=minute), tick=False):
            run_errands()
    assert [row.is_failing for row in errands_of(dossier)] == [True]
    assert "503" in errands_of(dossier)[0].errand.error
    assert len(server.calls) == 6  # at 0, 1, 3, 7, 15 and 31 minutes
    server.behave = lambda handler: answer(handler, 204, b"")
    with time_machine.travel(begin + timedelta(minutes=64), tick=False):
        assert run_errands() == 1
        assert run_errands() == 0
    assert len({headers["Congso-Event"] for _path, headers, _body in server.calls}) == 1
    assert not errands_of(dossier)[0].is_failing


def failure(dossier):
    assert run_errands() == 0
    return Errand.objects.get(dossier=dossier).error


def test_nobody_listens(dossier, server):
    server.shutdown()
    server.server_close()
    assert "did not answer" in failure(dossier)


def test_a_target_that_is_not_there_keeps_nobody_waiting_for_it_again_and_again(office, server, settings):
    """Of many calls one finds out; the others are put off with the reason, and other targets are called at once."""
    settings.WEBHOOKS |= {"gone": {"url": "http://127.0.0.1:9/", "secret": SECRET, "timeout": 1}}
    gone = office.publish(definition(HOOK | {"target": "gone"}, SIGN, code="khac"))
    for _ in range(3):
        open_for(office, gone)
    fine = open_for(office, office.publish(definition(HOOK, SIGN)))
    assert run_errands() == 1
    assert len(server.calls) == 1
    waiting = Errand.objects.exclude(dossier=fine)
    assert sorted(waiting.values_list("attempts", flat=True)) == [0, 0, 1]
    assert all("did not answer" in row.error for row in waiting)
    settings.WEBHOOKS["gone"]["url"] = server.url
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert run_errands() == 3
    assert len({headers["Congso-Event"] for _path, headers, _body in server.calls}) == 4


def test_an_error(dossier, server):
    server.behave = lambda handler: answer(handler, 500, b"broken")
    assert "answered 500: broken" in failure(dossier)


def test_redirects_are_not_followed(dossier, server):
    server.behave = lambda handler: answer(handler, 302, b"", Location="/elsewhere")
    assert "answered 302" in failure(dossier)
    assert len(server.calls) == 1


def slowly(handler):
    """Send a header line now and then, for longer than anybody may wait."""
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
    for number in range(40):
        try:
            handler.wfile.write(f"X-{number}: 1\r\n".encode())
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.1)


@pytest.mark.parametrize("behave", [slowly, lambda _handler: time.sleep(3)])
def test_a_slow_target_is_left(dossier, server, behave):
    server.behave = behave
    begin = time.monotonic()
    assert "did not answer" in failure(dossier)
    assert time.monotonic() - begin < 2.5


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        for _number in range(10_000):
            handler.wfile.write(b"x" * 65_536)
            handler.server.sent = handler.server.__dict__.get("sent", 0) + 65_536
    except OSError:
        return


def test_a_huge_answer_is_not_read(dossier, server):
    server.behave = endless
    assert run_errands() == 1
    assert len(Errand.objects.get().result["answer"]) == 500
    assert server.__dict__.get("sent", 0) < 50_000_000


def test_a_target_that_the_operator_took_away(dossier, settings, server):
    settings.WEBHOOKS = {}
    assert "No target is called 'erp'" in failure(dossier)
    assert server.calls == []


def test_certificates_are_verified(dossier, settings, server):
    url = server.url.replace("http://", "https://")
    settings.WEBHOOKS = {"erp": {"url": url, "secret": SECRET, "timeout": 1}}
    assert "did not answer" in failure(dossier)
    assert server.calls == []


def test_findings(office, settings):
    raw = definition(HOOK | {"answers": ["amount", "nothing"]}, SIGN)
    assert {finding.code for finding in check(Definition.parse(raw))} >= {"flows.E131"}
    settings.WEBHOOKS = {}
    assert {finding.code for finding in check(Definition.parse(raw))} >= {"flows.E130", "flows.E131"}


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"a": {"url": "ftp://x/", "secret": "0123456789abcdef"}}',
        '{"a": {"url": "https://u:p@x/", "secret": "0123456789abcdef"}}',
        '{"a": {"url": "https://x/", "secret": "short"}}',
        '{"a": {"url": "https://x/", "secret": "0123456789abcdef", "timeout": 600}}',
        '{"a": {"url": "https://x/", "secret": "0123456789abcdef", "verify": false}}',
    ],
)
def test_mistakes_of_the_operator_stop_the_start(text):
    with pytest.raises(ImproperlyConfigured, match="WEBHOOKS"):
        read_webhooks(text)


def test_the_usual_setting():
    found = read_webhooks('{"a": {"url": "https://x/h", "secret": "0123456789abcdef"}}')
    assert found == {"a": {"url": "https://x/h", "secret": "0123456789abcdef", "timeout": 10}}
    assert read_webhooks("") == {}
