"""Where viewflow's references land: `engine/compiled.V12_9f3a01bc` and `….n_sign_`.

Classes appear on first use (PEP 562), one for each published version, and never change afterwards: versions are
immutable, so nothing is ever invalidated, not even between processes.
"""

from __future__ import annotations

import re
import threading

_NAME = re.compile(r"V([1-9][0-9]*)_([0-9a-f]{8})")
_lock = threading.Lock()


def __getattr__(name: str) -> type:
    """Compile and keep the flow class called `name`. Raises AttributeError for what is no version's name.

    A version that does not compile raises RuntimeError: viewflow's reference fields turn ImportError and LookupError
    into `flow_class = None`, which then breaks every list.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise AttributeError(name)
    from workflows.definitions.api import definition_of

    from .compiler import compile_definition
    from .versions import whole_version

    # Read outside of the lock: never hold a Python lock while waiting for the database.
    version = whole_version(int(match[1]))
    if version is None or version.class_name != name:
        raise AttributeError(name)
    with _lock:
        if name not in globals():
            try:
                globals()[name] = compile_definition(definition_of(version), name)
            except (AttributeError, ImportError, LookupError) as error:
                raise RuntimeError(f"{name} does not compile: {error}") from error
        return globals()[name]


def forget(name: str) -> None:
    """Forget the class of a version that is never committed, here and where viewflow keeps what references name."""
    from viewflow.workflow import fields

    with _lock:
        globals().pop(name, None)
    for remembered in (
        fields.import_flow_by_ref,
        fields.import_task_by_ref,
        fields.get_flow_ref,
        fields.get_task_ref,
    ):
        remembered.cache_clear()
