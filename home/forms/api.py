"""The front door of this room: import from here, never from the modules behind it."""

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
from .export import harmless, xlsx_file
from .files import FileLink, discard, hold_files, purge_drafts, store_made, store_upload
from .form import AnswerForm, build_form, owner_token
from .gates import FileGate, file_gates
from .kinds.amounts import grouped
from .kinds.base import FieldKind, FormContext, field_kinds, kind_of
from .models import AnswerSet, Schema, StoredFile, Submission
from .problems import Problem, SchemaError, Strict, fault, problems_of
from .schema import AnyField, Field, FormSchema, Section, check_schema
from .submissions import HOLDER as SUBMISSION_HOLDER
from .submissions import SubmissionHandler, file_ids, find_submission, freeze, submission_handlers, submit
from .text import Label, Text, clean_text, localized

__all__ = [
    "CALCULABLE",
    "SUBMISSION_HOLDER",
    "AnswerForm",
    "AnswerSet",
    "AnyField",
    "ConditionError",
    "Field",
    "FieldKind",
    "FileGate",
    "FileLink",
    "Finding",
    "FormContext",
    "FormSchema",
    "HiddenBlock",
    "Label",
    "Problem",
    "QuestionsField",
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
    "find_submission",
    "freeze",
    "grouped",
    "harmless",
    "hold_files",
    "keep_on_expiry",
    "kind_of",
    "localized",
    "owner_token",
    "posted",
    "problems_of",
    "purge_drafts",
    "question_block",
    "question_data",
    "question_raw",
    "schema_of",
    "stable",
    "store_made",
    "store_upload",
    "stream_of",
    "submission_handlers",
    "submit",
    "untaken",
    "xlsx_file",
]
