"""The front door of this room: import from here, never from the modules behind it."""

from .archives import Pipe, pack
from .blocks import (
    HiddenBlock,
    QuestionsField,
    definition_of,
    question_block,
    question_data,
    question_raw,
    schema_of,
    stable,
    stream_of,
)
from .calculations import CALCULABLE, calculate, check_calculation
from .conditions import ConditionError, Finding, check_condition, condition_names, evaluate_condition, untaken
from .display import Row, display
from .expiry import csrf_failure, keep_on_expiry, posted
from .export import harmless
from .files import FileLink, discard, hold_files, purge_drafts, store_made, store_upload
from .form import AnswerForm, build_form, owner_token
from .gates import FileGate, file_gates
from .handlers import (
    Handling,
    HandlingField,
    SubmissionHandler,
    handling_of,
    submission_handlers,
)
from .kinds.amounts import grouped
from .kinds.base import FieldKind, FormContext, field_kinds, kind_of
from .letters import write as write_letter
from .limits import AnsweredError, FullError, Limits, RefusedSubmissionError
from .models import AnswerSet, Schema, StoredFile, Submission
from .placeholders import PLACEHOLDERS, fill, fill_html, known_in
from .problems import Problem, SchemaError, Strict, fault, problems_of
from .revising import ChangedMeanwhileError, revise
from .schema import AnyField, Field, FormSchema, Section, check_schema
from .submission_handlers import unknown_words, values_for
from .submissions import HOLDER as SUBMISSION_HOLDER
from .submissions import file_ids, find_submission, freeze, submit
from .text import Label, Text, clean_text, localized

__all__ = [
    "CALCULABLE",
    "PLACEHOLDERS",
    "SUBMISSION_HOLDER",
    "AnswerForm",
    "AnswerSet",
    "AnsweredError",
    "AnyField",
    "ChangedMeanwhileError",
    "ConditionError",
    "Field",
    "FieldKind",
    "FileGate",
    "FileLink",
    "Finding",
    "FormContext",
    "FormSchema",
    "FullError",
    "Handling",
    "HandlingField",
    "HiddenBlock",
    "Label",
    "Limits",
    "Pipe",
    "Problem",
    "QuestionsField",
    "RefusedSubmissionError",
    "Row",
    "Schema",
    "SchemaError",
    "Section",
    "StoredFile",
    "Strict",
    "Submission",
    "SubmissionHandler",
    "Text",
    "build_form",
    "calculate",
    "check_calculation",
    "check_condition",
    "check_schema",
    "clean_text",
    "condition_names",
    "csrf_failure",
    "definition_of",
    "discard",
    "display",
    "evaluate_condition",
    "fault",
    "field_kinds",
    "file_gates",
    "file_ids",
    "fill",
    "fill_html",
    "find_submission",
    "freeze",
    "grouped",
    "handling_of",
    "harmless",
    "hold_files",
    "keep_on_expiry",
    "kind_of",
    "known_in",
    "localized",
    "owner_token",
    "pack",
    "posted",
    "problems_of",
    "purge_drafts",
    "question_block",
    "question_data",
    "question_raw",
    "revise",
    "schema_of",
    "stable",
    "store_made",
    "store_upload",
    "stream_of",
    "submission_handlers",
    "submit",
    "unknown_words",
    "untaken",
    "values_for",
    "write_letter",
]
