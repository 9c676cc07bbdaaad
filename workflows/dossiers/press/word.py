"""Fills in Word templates: docxtpl with a sandbox that offers values, a few filters, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .package import check_package
from .problems import FaultyTemplateError

#: What a template may do with a value. `safe` is not among them: answers are text and never become part of the file.
FILTERS = frozenset(
    """abs batch capitalize count default dictsort first float format groupby int join last length list lower max
    min reject rejectattr replace reverse round select selectattr slice sort string sum title trim truncate unique
    upper wordcount map""".split()  # noqa: SIM905
)
MAX_RANGE = 10_000
_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_TEMPLATE = "<template>"


def bounded_range(*args: int) -> range:
    """Return a range of at most `MAX_RANGE` numbers."""
    found = range(*args)
    if len(found) > MAX_RANGE:
        raise SecurityError(f"range > {MAX_RANGE}")
    return found


class Sandbox(ImmutableSandboxedEnvironment):
    """Values only: `a.b` is the entry `b` of `a` before anything else, so that a question may be called `items`."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals = {"range": bounded_range}
        self.filters = {name: self.filters[name] for name in FILTERS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an entry of a dictionary, else a safe attribute."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Offer no attribute that begins with an underscore."""
        return not attr.startswith("_") and super().is_safe_attribute(obj, attr, value)


class Document(DocxTemplate):
    """A Word template whose mistakes are told by the text around them."""

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        """Fill in one part of the file (body, header, footer, footnotes). Raises `FaultyTemplateError`."""
        source = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml)
        self.current_rendering_part = part
        try:
            filled = jinja_env.from_string(source).render(context)
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
            _explain(error, source)
        filled = re.sub(r"\n<w:p([ >])", r"<w:p\1", filled)
        return str(self.resolve_listing(filled))

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """Leave title and author of the file as they are: nobody looks for variables there."""


def render(template: Path, data: Mapping[str, Any], result: Path) -> None:
    """Fill in a Word template and write the document. Raises `FaultyTemplateError`."""
    check_package(template)
    document = Document(str(template))
    document.render(dict(data), Sandbox())
    document.save(str(result))


def names_of(template: Path) -> list[str]:
    """Return the variables that a template uses (`answers.subject`, `office.name`), sorted."""
    check_package(template)
    sandbox, found = Sandbox(), set()
    for source in _sources(Document(str(template))):
        lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", source)
        try:
            tree = sandbox.parse(lines)
            meta_names = meta.find_undeclared_variables(tree)
            sandbox.compile(tree)
        except TemplateError as error:
            _explain(error, lines)
        found |= set(_paths(tree, meta_names - {"range"}))
    return sorted(found)


def _sources(document: Document) -> Iterator[str]:
    """Yield the Jinja text of every part that is filled in."""
    document.init_docx()
    yield document.patch_xml(document.get_xml())
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        for _key, part in document.get_headers_footers(uri):
            yield document.patch_xml(document.get_part_xml(part))
    for part in document.docx.part.package.parts:
        if part.content_type == _FOOTNOTES:
            blob = part.blob
            yield document.patch_xml(blob.decode("utf-8") if isinstance(blob, bytes) else blob)


def _paths(tree: nodes.Template, names: Iterable[str]) -> Iterator[str]:
    """Yield each use of a variable from outside with what is asked of it: `answers.subject`."""
    known = set(names)
    inner = set()
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        path = _path(node)
        if path and path[0] in known:
            inner.add(path)
    for path in inner:
        if not any(other[: len(path)] == path for other in inner - {path}):
            yield ".".join(path)
    heads = {path[0] for path in inner}
    yield from known - heads


def _path(node: nodes.Node) -> tuple[str, ...]:
    """Return the names of a chain such as `answers.subject` or `steps["sign"].name`; empty for anything else."""
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        before = _path(node.node)
        return (*before, node.attr) if before else ()
    if (
        isinstance(node, nodes.Getitem)
        and isinstance(node.arg, nodes.Const)
        and isinstance(node.arg.value, str)
    ):
        before = _path(node.node)
        return (*before, node.arg.value) if before else ()
    return ()


def _explain(error: Exception, source: str) -> NoReturn:
    """Raise the fault that an error stands for, with the line of the document in which it happened."""
    text = _text_of(source, _line_of(error))
    if isinstance(error, SecurityError):
        raise FaultyTemplateError("forbidden", text) from error
    if isinstance(error, UndefinedError):
        raise FaultyTemplateError("unknown_name", f"{_missing(error, text)} – {text}") from error
    code = "syntax" if isinstance(error, TemplateSyntaxError) else "failed"
    raise FaultyTemplateError(code, f"{_words(error)} – {text}") from error


def _missing(error: Exception, text: str) -> str:
    """Return the variable that does not exist, as the paragraph writes it (`answers.nothing`)."""
    quoted = re.findall(r"'([^']+)'", str(error))
    if not quoted:
        return str(error)
    written = re.search(rf"[\w.]*\b{re.escape(quoted[-1])}\b", text)
    return written.group() if written is not None else quoted[-1]


def _words(error: Exception) -> str:
    return str(error).strip() or type(error).__name__


def _line_of(error: Exception) -> int:
    """Return the line of the template's text, counted from 1; 0 when it cannot be known."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _TEMPLATE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _text_of(source: str, line: int) -> str:
    """Return the words of a paragraph, without the marks of the format."""
    lines = source.splitlines()
    if not 1 <= line <= len(lines):
        return ""
    return " ".join(re.sub(r"<[^>]+>", " ", lines[line - 1]).split())
