"""Templates are data with no power: whatever is in them, the paper is made or the fault is named."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
import time

import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from pypdf import PdfReader

from plugins.api import confined
from tests.factories.papers import lines_of, part_of, rezipped, word
from workflows.dossiers.api import PressError, press
from workflows.dossiers.press import run
from workflows.dossiers.press.run import names_of

DATA = {"answers": {"subject": "Mua máy", "items": "món"}, "rows": [{"name": "một"}, {"name": "hai"}]}


def fault(kind, template):
    with pytest.raises(PressError) as error:
        press(kind, template, DATA)
    return error.value


def pdf_text(content):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_a_word_template_with_a_loop_a_header_and_a_name_that_is_also_a_method():
    template = word(
        "{{ answers.subject }} {{ answers.items }}",
        "{%p for row in rows %}",
        "{{ loop.index }}. {{ row.name|upper }}",
        "{%p endfor %}",
        header="{{ answers.subject }}",
    )
    made = press("docx", template, DATA)
    assert lines_of(made) == ["Mua máy món", "1. MỘT", "2. HAI"]
    assert "Mua máy".encode() in part_of(made, "word/header1.xml")


def test_the_variables_of_a_word_template():
    template = word(
        "{{ answers.subject }} {{ steps['sign'].name }}",
        "{% for r in rows %}{{ r.name }}{% endfor %}",
        header="{{ office.name }}",
    )
    assert names_of("docx", template) == ["answers.subject", "office.name", "rows", "steps.sign.name"]


def test_the_variables_of_a_typst_template():
    text = '#let data = json("data.json") // data.comment\n#data.answers.subject #data.steps.sign.name'
    text += " #data.decisions.len()"
    assert names_of("typst", text.encode()) == ["answers.subject", "decisions", "steps.sign.name"]


@pytest.mark.parametrize("kind", ["docx", "typst"])
def test_answers_stay_text(kind):
    hostile = '<w:p/>&amp; "\'{{ 7*7 }}{% x %} #read("/etc/passwd") $x$ *b* _i_ @a \\ {_{ '
    if kind == "docx":
        made = "\n".join(lines_of(press(kind, word("{{ answers.x }}"), {"answers": {"x": hostile}})))
    else:
        text = '#let data = json("data.json")\n#data.answers.x'
        made = pdf_text(press(kind, text.encode(), {"answers": {"x": hostile}}))
    for piece in ("<w:p/>", "&amp;", "7*7", '#read("/etc/passwd")', "$x$", "*b*", "_i_"):
        assert piece in made


def test_several_lines_stay_several_lines():
    assert lines_of(press("docx", word("{{ answers.x }}"), {"answers": {"x": "một\nhai"}})) == ["một\nhai"]


FORBIDDEN = [
    "{{ ''.__class__.__mro__ }}",
    "{{ answers['__class__'] }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ self._TemplateReference__context }}",
    "{{ rows.append(1) }}",
    "{% set x = answers.update({'a': 1}) %}",
    "{% for x in range(100000000) %}x{% endfor %}",
]
REFUSED = {
    "{{ answers.subject|safe }}": "syntax",
    "{{ answers|attr('__class__') }}": "syntax",
    "{{ answers.subject|xmlattr }}": "syntax",
    "{% include 'x' %}": "failed",
    "{% import 'os' as os %}": "failed",
    "{{ lipsum() }}": "unknown_name",
    "{{ cycler }}": "unknown_name",
    "{{ answers.nothing }}": "unknown_name",
    "{{ nothing }}": "unknown_name",
    "{{ answers. }}": "syntax",
    "{% if x %}": "syntax",
    "{{ 1 / 0 }}": "failed",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}": "failed",
    "{{ 'a' * 10000000000 }}": "too_big",
}


@pytest.mark.parametrize("text", FORBIDDEN)
def test_a_word_template_gets_at_nothing_but_its_data(text):
    found = fault("docx", word("Đầu", text))
    assert found.code == "forbidden"
    assert "{" in found.detail


@pytest.mark.parametrize(("text", "code"), REFUSED.items())
def test_a_word_template_that_cannot_be_filled_in_is_told_where(text, code):
    found = fault("docx", word("Đầu", f"Dòng này: {text}"))
    assert found.code == code
    assert code == "too_big" or "Dòng này" in found.detail


def test_an_unknown_variable_is_named():
    assert fault("docx", word("{{ answers.nothing }}")).detail.startswith("answers.nothing – ")
    found = fault("typst", b'#let data = json("data.json")\n\n#data.answers.nothing')
    assert (found.code, found.line) == ("unknown_name", 3)
    assert found.detail.startswith("nothing – ")


TYPST = {
    '#read("/etc/passwd")': "files",
    '#read("/proc/self/environ")': "files",
    '#read("../job.json")': "files",
    '#image("../../x.png")': "files",
    '#include "/etc/hosts"': "files",
    '#import "@preview/cetz:0.2.0"': "packages",
    '#import ("@pre" + "view/cetz:0.2.0")': "packages",
    "#let x = (": "typst",
    "#while true {}": "typst",
    "#let f(x) = f(x)\n#f(1)": "typst",
    "#nothing": "typst",
}


@pytest.mark.parametrize(("text", "code"), TYPST.items())
def test_a_typst_template_reads_its_data_and_nothing_else(text, code):
    found = fault("typst", text.encode())
    assert (found.code, bool(found.line)) == (code, True)


def test_no_package_is_fetched_even_where_there_is_a_network(monkeypatch):
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    proxy = f"http://127.0.0.1:{server.getsockname()[1]}"
    monkeypatch.setattr(
        confined, "_ENVIRONMENT", {**confined._ENVIRONMENT, "HTTPS_PROXY": proxy, "ALL_PROXY": proxy}
    )
    assert fault("typst", b'#import "@preview/cetz:0.2.0"').code == "packages"
    with pytest.raises(TimeoutError):
        server.accept()
    server.close()


ENDLESS = {
    "docx": word("{% for a in range(9999) %}" * 4 + "x" + "{% endfor %}" * 4),
    "typst": b"#let f(n) = { let s = 0; for i in range(n) { s += 1 }; s }\n"
    b"#for i in range(1000000) { let x = f(1000000 + i) }",
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_loop_without_an_end_is_ended(kind, monkeypatch):
    monkeypatch.setattr(run, "SECONDS", 2)
    begin = time.monotonic()
    assert fault(kind, ENDLESS[kind]).code in ("too_long", "too_big")
    assert time.monotonic() - begin < run.PATIENCE


def test_one_that_sleeps_is_ended_too(monkeypatch):
    monkeypatch.setattr(run, "PATIENCE", 1)
    monkeypatch.setattr(confined, "_START", "import time; time.sleep(60)")
    assert fault("docx", word("x")).code == "too_long"


@pytest.mark.parametrize(
    "text", ['#let a = "x"\n#for i in range(60) { a = a + a }', "#let x = range(2000000000)"]
)
def test_memory_is_bounded(text):
    assert fault("typst", text.encode()).code in ("too_long", "too_big", "broken")


def test_a_huge_result_is_refused(monkeypatch):
    monkeypatch.setattr(run, "MAX_RESULT", 10_000)
    assert fault("docx", word("x")).code == "too_big"


def test_the_process_knows_no_secret_and_no_network(tmp_path):
    code = (
        "import sys, os, socket; sys.path.insert(0, sys.argv[1]);"
        "from plugins.api.limits import give_up; give_up(5);"
        "\nfor call in (socket.socket, lambda: os.execv('/bin/true', ['true']), socket.socketpair):"
        "\n    try: call(); print('open')"
        "\n    except OSError: print('shut')"
        "\nprint(sorted(os.environ))"
    )
    found = subprocess.run(
        [sys.executable, "-I", "-c", code, str(confined._ROOT)],
        env=confined._ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.splitlines()[:3] == ["shut"] * 3
    assert "SECRET" not in found.stdout
    assert "DATABASE_URL" not in found.stdout


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    press("docx", word("x"), {})
    fault("docx", b"no zip")
    assert list(tmp_path.iterdir()) == []


# --- Word files that are more than a document ----------------------------------------------------------------------

PLAIN = word("{{ dossier.number }}")
TYPES = part_of(PLAIN, "[Content_Types].xml")
RELATIONS = part_of(PLAIN, "word/_rels/document.xml.rels")
BODY = part_of(PLAIN, "word/document.xml")


def related(kind, target, mode="External"):
    kind = (
        kind if "/" in kind else f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    )
    row = f'<Relationship Id="rId99" Type="{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    return rezipped(
        PLAIN, {"word/_rels/document.xml.rels": RELATIONS.replace(b"</Relationships>", row.encode())}
    )


def with_body(extra):
    return rezipped(PLAIN, {"word/document.xml": BODY.replace(b"<w:body>", b"<w:body>" + extra.encode())})


def bomb():
    return rezipped(PLAIN, {f"word/media/{number}.xml": b"\0" * (15 * 1024 * 1024) for number in range(5)})


def spread(word_):
    middle = len(word_) // 2
    pieces = (word_[:middle], word_[middle:])
    return with_body(
        "<w:p>" + "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces) + "</w:p>"
    )


WRONG = {
    "no zip": (lambda: b"PK\x03\x04 no", "not_word"),
    "nothing": (lambda: b"", "not_word"),
    "a zip": (lambda: rezipped(PLAIN, {"word/document.xml": None}), "not_word"),
    "broken xml": (lambda: rezipped(PLAIN, {"word/document.xml": b"<w:"}), "not_word"),
    "a way out": (lambda: rezipped(PLAIN, {"../../evil.xml": b"<a/>"}), "not_word"),
    "macros": (lambda: rezipped(PLAIN, {"word/vbaProject.bin": b"x"}), "macros"),
    "docm": (
        lambda: rezipped(
            PLAIN,
            {
                "[Content_Types].xml": TYPES.replace(
                    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                    b"application/vnd.ms-word.document.macroEnabled.main+xml",
                )
            },
        ),
        "macros",
    ),
    "a remote template": (lambda: related("attachedTemplate", "https://evil.example/t.dotm"), "external"),
    "a template on a disk": (lambda: related("attachedTemplate", "file:///c:/t.dotm"), "external"),
    "a remote picture": (lambda: related(RELATIONSHIP_TYPE.IMAGE, "https://evil.example/p.png"), "external"),
    "a remote object": (lambda: related("oleObject", "https://evil.example/o", "Internal"), "external"),
    "a link to a share": (lambda: related("hyperlink", "file://server/share"), "external"),
    "an object": (lambda: rezipped(PLAIN, {"word/embeddings/oleObject1.bin": b"x"}), "embedded"),
    "a field": (lambda: with_body('<w:p><w:fldSimple w:instr="INCLUDEPICTURE x"/></w:p>'), "field"),
    "a field in pieces": (lambda: spread("DDEAUTO"), "field"),
    "a document type": (
        lambda: rezipped(PLAIN, {"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]>' + BODY}),
        "doctype",
    ),
    "a bomb": (bomb, "too_big"),
    "many parts": (
        lambda: rezipped(PLAIN, {f"word/{number}.xml": b"<a/>" for number in range(2_100)}),
        "too_big",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_more_or_less_than_a_document_is_refused(name):
    make, code = WRONG[name]
    template = make()
    assert fault("docx", template).code == code
    with pytest.raises(PressError) as error:
        names_of("docx", template)
    assert error.value.code == code


def test_a_link_to_click_on_is_fine():
    assert names_of("docx", related("hyperlink", "https://office.example/")) == ["dossier.number"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a\0b"])
def test_a_typst_template_is_text(content):
    assert fault("typst", content).code == "not_text"
